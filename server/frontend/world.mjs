// The map of the world as paths, for a map that the server draws.
import fs from 'node:fs';
import { geoNaturalEarth1, geoPath } from 'd3-geo';
import iso from 'iso-3166-1';
import { feature } from 'topojson-client';

const WIDTH = 960;
const CENTRE = 11; // degrees east in the middle: the cut runs through the Bering Strait
const NORTH = 84;
const SOUTH = -57; // without Antarctica
const LANGUAGES = ['en', 'ru', 'zh'];

/** Returns viewBox, projection and countries; server/frontend/README.md tells how to place a point. */
export function world() {
  const atlas = JSON.parse(fs.readFileSync('node_modules/world-atlas/countries-110m.json', 'utf8'));
  const projection = geoNaturalEarth1().rotate([-CENTRE, 0]).fitWidth(WIDTH, { type: 'Sphere' });
  const top = Math.floor(projection([CENTRE, NORTH])[1]);
  const bottom = Math.ceil(projection([CENTRE, SOUTH])[1]);
  const [x, y] = projection.translate();
  const path = geoPath(projection).digits(1);
  const names = LANGUAGES.map((language) => [language, new Intl.DisplayNames([language], { type: 'region' })]);
  const countries = feature(atlas, atlas.objects.countries).features
    .filter((one) => one.properties.name !== 'Antarctica')
    .map((one) => country(one, path, names))
    .sort((a, b) => (a.names.en < b.names.en ? -1 : 1));
  return {
    viewBox: [0, top, WIDTH, bottom - top],
    projection: { name: 'natural-earth-1', centre: CENTRE, scale: projection.scale(), x, y },
    countries,
  };
}

function country(one, path, names) {
  const code = (one.id && iso.whereNumeric(one.id)?.alpha2) || '';
  const [x, y] = path.centroid(largest(one, path)).map((value) => Math.round(value * 10) / 10);
  const english = one.properties.name;
  return {
    code,
    names: Object.fromEntries(names.map(([language, names]) => [language, (code && names.of(code)) || english])),
    also: [english],
    x,
    y,
    path: relative(path(one)),
  };
}

/** The largest part, so that the middle of France is not in the Atlantic. */
function largest(one, path) {
  if (one.geometry.type !== 'MultiPolygon') return one;
  const parts = one.geometry.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates }));
  return parts.reduce((best, part) => (path.area(part) > path.area(best) ? part : best));
}

/** The same path in steps instead of places, which are shorter; sums of rounded steps do not drift. */
export function relative(path) {
  let [px, py] = [0, 0];
  return path.replace(/([MLZ])(?:(-?[\d.]+),(-?[\d.]+))?/g, (_, letter, x, y) => {
    if (letter === 'Z') return 'Z';
    const [tx, ty] = [Math.round(x * 10), Math.round(y * 10)];
    const step = `${short(tx - px)}${short(ty - py).replace(/^(?=[^-])/, ',')}`;
    const absolute = `M${short(tx)}${short(ty).replace(/^(?=[^-])/, ',')}`;
    [px, py] = [tx, ty];
    return letter === 'M' ? absolute : `l${step}`;
  });
}

const short = (tenths) => String(tenths / 10).replace(/^(-?)0\./, '$1.');
