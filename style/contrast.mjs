// Checks colour contrast for every pair Greencap relies on, in both themes,
// and rewrites the no-light-dark() fallback block in tokens.css.
// Usage: node style/contrast.mjs [--md]
import { readFileSync, writeFileSync } from 'node:fs';
const file = new URL('tokens.css', import.meta.url);
let css = readFileSync(file, 'utf8');
const L = {}, D = {}, order = [];
for (const m of css.matchAll(/^\s{4}(--[\w-]+):\s*(light-dark\((.+?),\s*(.+?)\)|#[0-9a-f]{6});/gmi)) {
  const [, name, whole, a, b] = m;
  if (!a) { L[name] = D[name] = whole; continue; }
  L[name] = a.trim(); D[name] = b.trim(); order.push(name);
}
// rgb(... / .x) contains no comma, so --scrim parses too.
const hex = c => [1, 3, 5].map(i => parseInt(c.slice(i, i + 2), 16) / 255);
const lum = c => { const [r, g, b] = hex(c).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
const ratio = (a, b) => { const [x, y] = [lum(a), lum(b)].sort((p, q) => q - p); return (x + .05) / (y + .05); };
const T = 4.5, U = 3, pairs = [];
const add = (fg, bgs, min) => bgs.forEach(bg => pairs.push([fg, bg, min]));
add('--ink',   ['--sheet', '--desk', '--tint', '--tint-2', '--raised', '--blue-tint', '--marker-soft', '--red-tint', '--amber-tint', '--cap-tint'], T);
add('--ink-2', ['--sheet', '--desk', '--tint', '--tint-2', '--raised', '--blue-tint'], T);
add('--ink-3', ['--sheet', '--desk', '--tint', '--raised', '--blue-tint', '--tint-2', '--amber-tint', '--red-tint', '--marker-soft'], T);
add('--on-board', ['--board', '--board-2'], T);
add('--on-board-2', ['--board', '--board-2'], T);
add('--blue',  ['--sheet', '--desk', '--tint', '--raised', '--blue-tint', '--red-tint', '--amber-tint', '--marker-soft'], T);
for (const f of ['--blue-fill', '--blue-fill-2', '--blue-fill-3']) add('--on-blue', [f], T);
add('--cap',   ['--sheet', '--desk', '--tint', '--raised', '--cap-tint', '--blue-tint'], T);
add('--red',   ['--sheet', '--desk', '--tint', '--raised', '--red-tint', '--blue-tint'], T);
add('--amber', ['--sheet', '--desk', '--tint', '--raised', '--amber-tint', '--blue-tint'], T);
add('--on-marker', ['--marker'], T);
for (const f of ['--board-cap', '--board-red', '--board-fill']) add(f, ['--board'], T);
for (const f of ['--board-fill', '--board-fill-2']) add('--board-on-fill', [f], T);
add('--cap-none', ['--sheet', '--tint', '--blue-tint', '--raised'], U);
add('--rule-strong', ['--sheet', '--raised', '--tint'], U);
add('--blue-fill', ['--sheet', '--raised'], U);
add('--focus-ring', ['--sheet', '--desk', '--tint', '--raised', '--blue-tint'], U);
add('--focus-band', ['--board'], U);
let bad = 0; const rows = [];
for (const [f, b, min] of pairs) {
  const l = ratio(L[f], L[b]), d = ratio(D[f], D[b]);
  if (l < min || d < min) { bad++; console.log('FAIL', f, 'on', b, l.toFixed(2), d.toFixed(2), 'needs', min); }
  rows.push([f, b, l, d, min]);
}
if (process.argv.includes('--md')) {
  const by = {};
  for (const [f, b, l, d, m] of rows) { const k = f + m; (by[k] ??= { f, m, l: [], d: [] }); by[k].l.push([l, b]); by[k].d.push([d, b]); }
  for (const { f, m, l, d } of Object.values(by)) { const a = l.sort((x, y) => x[0] - y[0])[0], z = d.sort((x, y) => x[0] - y[0])[0];
    console.log(`| \`${f}\` | ${L[f]} | ${D[f]} | ${a[0].toFixed(1)} (${a[1]}) | ${z[0].toFixed(1)} (${z[1]}) | ${m} |`); }
}
const block = '@supports not (color: light-dark(#000, #fff)) {\n    :root {\n      color-scheme: light;\n' + order.map(n => `      ${n}: ${L[n]};`).join('\n') + '\n    }\n  }';
const next = css.replace(/(\/\* fallback:start \*\/)[\s\S]*?(\/\* fallback:end \*\/)/, `$1\n  ${block}\n  $2`);
if (next !== css) { writeFileSync(file, next); console.log('fallback block rewritten'); }
console.log(`${pairs.length} pairs x 2 themes, ${bad} failing`);
process.exit(bad ? 1 : 0);
