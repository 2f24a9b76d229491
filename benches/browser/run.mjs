// Messages a second in Chromium: WebPhone's reader, JsSIP's and SIP.js's, in one page.
//
// The wasm is made as the page's is: the release profile of Cargo.toml, and wasm-opt with what index.html gives to
// Trunk. Each reader is handed the same MessageEvents with text, as a socket brings them; for WebPhone that includes the
// way into wasm memory. "message" is what each library's parser does when a frame arrives. "values" also asks for those
// values that JsSIP reads at that moment: Via, From, To, Call-ID, CSeq, Contact, Record-Route, the challenge. JsSIP and
// SIP.js have read them by then; WebPhone checks some and reads them when asked.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const root = join(import.meta.dirname, '../..');
const e2e = join(root, 'tests/e2e');
const require = createRequire(join(e2e, 'package.json'));
const { build } = require('esbuild');
const { chromium } = require('@playwright/test');

const out = join(root, 'target/bench-page');
const files = { '/': ['text/html', '<!doctype html><script src="page.js"></script>'] };
mkdirSync(out, { recursive: true });
files['/webphone.wasm'] = ['application/wasm', buildWasm()];
files['/page.js'] = ['text/javascript', await bundle()];

const server = createServer(({ url }, response) => {
  const [type, body] = files[url] ?? ['text/plain', ''];
  response.writeHead(files[url] ? 200 : 404, { 'Content-Type': type }).end(body);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: false, // `--headless=new` is given by hand: Playwright would start another binary.
  args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const messages = ['invite', '200', '401', 'notify'].map((name) => [
    name.toUpperCase(),
    readFileSync(join(root, `benches/messages/${name}.sip`), 'utf8'),
  ]);
  const pace = { rounds: 15, duration: 60, warmUp: 500 };
  const results = await page.evaluate(([messages, pace]) => measure(messages, pace), [messages, pace]);
  print(results, pace);
} finally {
  await browser.close();
  server.close();
}

/** The product's reader as wasm, with its glue in `out`. */
function buildWasm() {
  const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const target = 'wasm32-unknown-unknown';
  run('cargo', 'build', '--release', '--locked', '--quiet', '--target', target, '--example', 'parsers');
  const built = resolve(root, process.env.CARGO_TARGET_DIR ?? 'target', target, 'release/examples/parsers.wasm');
  run('wasm-bindgen', '--target', 'web', '--no-typescript', '--out-dir', out, '--out-name', 'webphone', built);
  const [, level, params] = /data-wasm-opt="(.)" data-wasm-opt-params="(.*?)"/.exec(readFileSync(join(root, 'index.html')));
  const wasm = join(out, 'webphone.wasm');
  run('wasm-opt', `-O${level}`, ...params.split(' '), join(out, 'webphone_bg.wasm'), '-o', wasm);
  return readFileSync(wasm);
}

/** The page's script, with the two libraries from the end-to-end tests' node_modules. */
async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'page.js')],
    alias: { webphone: join(out, 'webphone.js') },
    nodePaths: [join(e2e, 'node_modules')],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    define: { 'process.env.NODE_ENV': '"production"', 'import.meta.url': 'location.href' },
    logLevel: 'error',
  });
  return outputFiles[0].contents;
}

function print(results, { rounds, duration }) {
  const versions = ['jssip', 'sip.js'].map((name) => {
    const { version } = JSON.parse(readFileSync(join(e2e, 'node_modules', name, 'package.json')));
    return `${name} ${version}`;
  });
  const row = (...cells) => console.log(cells.map((cell, at) => (at < 2 ? cell.padEnd(9) : cell.padStart(13))).join(''));
  const whole = (number) => Math.round(number).toLocaleString('en');
  console.log(`Messages a second in Chromium ${browser.version()}, ${versions.join(', ')}`);
  console.log(`(median of ${rounds} rounds of ${duration} ms)\n`);
  row('', '', 'WebPhone', 'JsSIP', 'SIP.js', 'times JsSIP', 'times SIP.js');
  for (const { name, kind, WebPhone: ours, JsSIP: jssip, 'SIP.js': sipjs } of results) {
    row(name, kind, whole(ours), whole(jssip), whole(sipjs), (ours / jssip).toFixed(1), (ours / sipjs).toFixed(1));
  }
}
