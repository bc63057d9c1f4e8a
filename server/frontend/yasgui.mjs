// What must be changed in Yasgui for pages whose policy forbids inline styles.
import fs from 'node:fs';

/** The resizer of columns adds a <style> element; its rules stand in src/sparql.css. */
export const withoutStyleElements = {
  name: 'without-style-elements',
  setup(build) {
    build.onLoad({ filter: /yasgui\.esm\.js$/ }, ({ path }) => {
      const text = fs.readFileSync(path, 'utf8');
      const pieces = text.split('l(this, "createStyle", (function(e, n) {');
      if (pieces.length !== 2) throw new Error('Yasgui makes its style elements in another way: look at yasgui.mjs');
      return { contents: pieces.join('l(this, "createStyle", (function(e, n) { return;'), loader: 'js' };
    });
  },
};
