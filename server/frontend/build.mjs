// Bundles the scripts and styles of the pages: `node build.mjs FOLDER` fills FOLDER, which must not exist.
// Names carry hashes of what is in them; `manifest.json` says which file is which.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { build } from 'esbuild';
import { notices } from './notices.mjs';
import { withoutStyleElements } from './yasgui.mjs';
import { world } from './world.mjs';

const MODULES = ['search', 'sparql', 'network', 'map', 'timeline', 'article', 'tables'];
const BLOCKING = ['theme']; // runs before the page is painted, so it is no module
const COMPRESSED = /\.(js|css|json|txt)$/;

const folder = path.resolve(process.argv[2]);
fs.mkdirSync(folder, { recursive: true });
process.chdir(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname));

const common = {
  bundle: true,
  minify: true,
  metafile: true,
  target: 'es2022',
  outdir: folder,
  entryNames: '[name]-[hash]',
  chunkNames: 'shared-[hash]',
  legalComments: 'none', // notices() collects whole licences
  define: { global: 'globalThis' },
  logLevel: 'warning',
};
const results = [
  await build({
    ...common,
    entryPoints: MODULES.map((name) => `src/${name}.js`),
    format: 'esm',
    splitting: true,
    plugins: [withoutStyleElements],
  }),
  await build({ ...common, entryPoints: BLOCKING.map((name) => `src/${name}.js`), format: 'iife' }),
];
const outputs = Object.assign({}, ...results.map((result) => result.metafile.outputs));
const inputs = results.flatMap((result) => Object.keys(result.metafile.inputs));

const assets = {};
for (const [file, output] of Object.entries(outputs)) {
  if (!output.entryPoint) continue;
  const name = path.basename(output.entryPoint);
  assets[name] = {
    ...described(file),
    styles: output.cssBundle ? [described(output.cssBundle)] : [],
    needs: output.imports.filter((one) => one.kind === 'import-statement').map((one) => described(one.path)),
    module: !BLOCKING.includes(path.parse(name).name),
  };
}
assets['world.json'] = written('world', '.json', JSON.stringify(world()));
assets['licences.txt'] = written('licences', '.txt', notices(inputs, ['world-atlas']));

for (const name of fs.readdirSync(folder).filter((name) => COMPRESSED.test(name))) {
  const content = fs.readFileSync(path.join(folder, name));
  fs.writeFileSync(path.join(folder, `${name}.gz`), zlib.gzipSync(content, { level: 9 }));
  fs.writeFileSync(path.join(folder, `${name}.br`), zlib.brotliCompressSync(content));
}
const sorted = Object.fromEntries(Object.entries(assets).sort(([a], [b]) => (a < b ? -1 : 1)));
fs.writeFileSync(path.join(folder, 'manifest.json'), `${JSON.stringify({ assets: sorted }, null, 1)}\n`);

function described(file) {
  const name = path.basename(file);
  const content = fs.readFileSync(path.join(folder, name));
  return { file: name, integrity: `sha384-${createHash('sha384').update(content).digest('base64')}` };
}

function written(name, ending, text) {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase();
  const file = `${name}-${hash}${ending}`;
  fs.writeFileSync(path.join(folder, file), text);
  return { ...described(file), styles: [], needs: [], module: false };
}
