// Gives what the page's wasm and its script call each other short names: wasm-bindgen's end in sixteen digits each, which
// do not compress. 8 kB less with brotli. Trunk runs it on the release that it has built.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env.TRUNK_STAGING_DIR;
const file = (name) => join(folder, readdirSync(folder).find((found) => name.test(found)));
const [wasmFile, scriptFile] = [file(/^webphone-.*\.wasm$/), file(/^webphone-.*\.js$/)];

/** Only what wasm-bindgen has named: a plain name such as "memory" may mean something else in the script. */
const isLong = (name) => /^(__wb|__externref|wasm_bindgen_)/.test(name);
const names = new Map();

function short(name) {
  if (!isLong(name)) return name;
  if (!names.has(name)) names.set(name, `$${names.size.toString(36)}`);
  return names.get(name);
}

/** A WebAssembly module from its bytes on, <https://webassembly.github.io/spec/core/binary/>. */
class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  number() {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  name() {
    return Buffer.from(this.take(this.number())).toString();
  }
}

function number(value) {
  const bytes = [];
  for (; value > 0x7f; value = Math.floor(value / 128)) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}

const sized = (bytes) => Buffer.concat([number(bytes.length), bytes]);

/** The imports or the exports, under their short names. */
function renamed(section, isImport) {
  const reader = new Reader(section);
  const count = reader.number();
  const parts = [number(count)];
  for (let index = 0; index < count; index++) {
    if (isImport) parts.push(sized(reader.take(reader.number())));
    parts.push(sized(Buffer.from(short(reader.name()))));
    const start = reader.at;
    const kind = reader.take(1)[0];
    if (isImport && kind !== 0) throw new Error(`an import of kind ${kind}, where functions alone are expected`);
    reader.number();
    parts.push(section.subarray(start, reader.at));
  }
  return Buffer.concat(parts);
}

const wasm = new Reader(readFileSync(wasmFile));
const parts = [wasm.take(8)];
while (wasm.at < wasm.bytes.length) {
  const [kind] = wasm.take(1);
  const section = wasm.take(wasm.number());
  const isNamed = kind === 2 || kind === 7;
  parts.push(Buffer.from([kind]), sized(isNamed ? renamed(section, kind === 2) : section));
}
const script = readFileSync(scriptFile, 'utf8').replace(/[\w$]+/g, (word) => names.get(word) ?? word);
new WebAssembly.Module(Buffer.concat(parts)); // Throws where it is none.

/** Writes a file anew, and what the page says that its bytes must be. */
function rewrite(name, bytes) {
  const page = join(folder, 'index.html');
  const integrity = (content) => createHash('sha384').update(content).digest('base64');
  writeFileSync(page, readFileSync(page, 'utf8').replaceAll(integrity(readFileSync(name)), () => integrity(bytes)));
  writeFileSync(name, bytes);
}

rewrite(wasmFile, Buffer.concat(parts));
rewrite(scriptFile, Buffer.from(script));
