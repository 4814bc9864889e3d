// Empties functions of Leptos that this application never calls, so that the optimiser can remove them and everything
// only they use (docs/decisions/0009-office-weight.md). The compiler has to keep them, because every view has
// pointers to its own. Called with the folder of binaryen's npm package and the WebAssembly files to change, which
// need their names section.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// Only functions reached by pointers or from JavaScript; what only they use is removed with them. Other functions,
// such as those that drop a value, may have been merged with an identical one that is called. Names are those of the
// linker, or as wasm-bindgen has written them out.
const UNREACHED = [
  // The browser hydrates pages in one go, once their part is loaded (`hydrate` in src/lib.rs).
  /8into_any13hydrate_async(28_\$u7b\$\$u7b\$closure\$u7d\$\$u7d\$)?17h[0-9a-f]{16}E$/,
  /::into_any::hydrate_async(::\{\{closure\}\})?::h[0-9a-f]{16}$/,
  // No server function returns a stream.
  /^intounderlying(bytesource|sink|source)_/,
];

const [folder, ...files] = process.argv.slice(2);
const { default: binaryen } = await import(pathToFileURL(join(folder, 'index.js')).href);
// Names are read and kept only with this option.
binaryen.setDebugInfo(true);
let emptied = 0;
for (const file of files) {
  const module = binaryen.readBinary(readFileSync(file));
  for (let at = 0; at < module.getNumFunctions(); at++) {
    const one = module.getFunctionByIndex(at);
    const { name, base } = binaryen.getFunctionInfo(one);
    if (base || !UNREACHED.some((pattern) => pattern.test(name))) continue;
    binaryen.Function.setBody(one, module.unreachable());
    emptied++;
  }
  writeFileSync(file, module.emitBinary());
  module.dispose();
}
if (emptied === 0) throw new Error('no function has a name from UNREACHED: update that list');
