// The licences of the packages whose code or data are in the bundles.
import fs from 'node:fs';
import path from 'node:path';

const LICENCE = /^(licen[cs]e|copying|notice)/i;

/** Returns the text of the notices; `inputs` are the bundled files, `others` packages used otherwise. */
export function notices(inputs, others) {
  const found = new Set(others.map((name) => `node_modules/${name}`));
  for (const input of inputs) {
    const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (folder) found.add(folder);
  }
  // Yasgui comes as one file with its dependencies inside, and names none of their licences.
  const queue = [...found].filter((folder) => folder.includes('@zazuko/'));
  for (const folder of queue) {
    const { dependencies = {} } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
    for (const name of Object.keys(dependencies)) {
      const inner = [`${folder}/node_modules/${name}`, `node_modules/${name}`].find((one) => fs.existsSync(one));
      if (inner && !found.has(inner)) queue.push(inner);
      if (inner) found.add(inner);
    }
  }
  return [...found].sort().map(notice).join(`\n${'-'.repeat(72)}\n\n`);
}

function notice(folder) {
  const { name, version, license, author, homepage } = JSON.parse(
    fs.readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  const texts = fs.readdirSync(folder).filter((file) => LICENCE.test(file)).sort();
  const by = typeof author === 'string' ? author : author?.name;
  const head = [`${name} ${version}`, `Licence: ${license ?? 'see below'}`, by && `By: ${by}`, homepage].filter(Boolean);
  const bodies = texts.map((file) => fs.readFileSync(path.join(folder, file), 'utf8').trim());
  return `${[head.join('\n'), ...bodies].join('\n\n')}\n`;
}
