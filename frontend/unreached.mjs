// Empties functions of Leptos that this application never calls, so that the optimiser can drop them and all that only
// they use (docs/decisions/0009-office-weight.md). The compiler has to keep them: every view holds pointers to its own.
// Called with the folder of binaryen's npm package and the WebAssembly files to change; they need their names section.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// Only functions that pointers or JavaScript lead to: what they alone use goes with them. Others, such as those that drop a
// value, may have been merged with one of the same code that is called. Names are as the linker knows them, or as
// wasm-bindgen has written them out.
const UNREACHED = [
  // The browser takes pages over in one go, once their part is there (`hydrate` in src/lib.rs).
  /8into_any13hydrate_async(28_\$u7b\$\$u7b\$closure\$u7d\$\$u7d\$)?17h[0-9a-f]{16}E$/,
  /::into_any::hydrate_async(::\{\{closure\}\})?::h[0-9a-f]{16}$/,
  // No server function answers with a stream.
  /^intounderlying(bytesource|sink|source)_/,
];

const [folder, ...files] = process.argv.slice(2);
const { default: binaryen } = await import(pathToFileURL(join(folder, 'index.js')).href);
// Names are read and kept only with this.
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
if (emptied === 0) throw new Error('no function has a name that Leptos gave its own before: look at UNREACHED again');
