// How long a person waits: our page (dist/) and one of JsSIP, in one Chromium and over one Kamailio, in turns.
//
// A round opens two pages of a kind, each in a browser context of its own, so that nothing is in a cache, and calls twice
// from the one to the other. What is measured is measured in the page, by performance.now(), from the same script for
// both kinds: it fills in the sign-in form as soon as that can be sent, notes the frames of the WebSocket, and answers half
// a second after the incoming call is in the page; "click to confirmed" is without that pause. With "dead STUN", each connection has a STUN server that never answers.
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';

const ROUNDS = Number(process.env.ROUNDS ?? 9);
const root = join(import.meta.dirname, '../..');
const dist = process.env.WEBPHONE_DIST ?? join(root, 'dist');
const e2e = join(root, 'tests/e2e');
const require = createRequire(join(e2e, 'package.json'));
const { build } = require('esbuild');
const { chromium } = require('@playwright/test');

/** What is measured, in the order in which it is printed: by whose marks, from which to which. */
const TIMES = {
  'navigation to sign-in form': ['load', 'navigation', 'form'],
  'navigation to registered': ['load', 'navigation', 'registered'],
  'click to INVITE': ['caller', 'called', 'inviteSent'],
  'INVITE to incoming shown': ['callee', 'inviteReceived', 'shown'],
  'answer to 200 OK': ['callee', 'answered', 'okSent'],
  'click to confirmed': ['caller', 'called', 'ackSent'],
};
const KINDS = ['WebPhone', 'JsSIP'];
/** Rounds and calls in each. With a dead server JsSIP takes a minute or more for a call. */
const NETS = { '': [ROUNDS, ['first', 'second']], 'dead STUN': [Math.ceil(ROUNDS / 3), ['first']] };
const PATIENCE = 180_000;

const env = { ...process.env, RUN_DIR: mkdtempSync(join(tmpdir(), 'webphone-bench-')) };
env.WS_PORT = await freePort();
env.SIP_PORT = await freePort();
const kamailio = (script) => execFileSync(join(root, 'tests/servers/kamailio', script), { env });
const dead = createSocket('udp4');
await new Promise((resolve) => dead.bind(0, '127.0.0.1', resolve));
const stun = `stun:127.0.0.1:${dead.address().port}`;

kamailio('start.sh');
const site = await serve();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: false, // `--headless=new` is given by hand: Playwright would start another binary.
  args: [
    '--headless=new',
    '--no-sandbox',
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
    '--allow-loopback-in-peer-connection',
    // The lists that the address bar opens are pages of their own, two for each window, and load beside ours.
    '--disable-features=WebRtcHideLocalIpsWithMdns,WebUIOmniboxPopup,WebUIOmniboxAimPopup',
    '--mute-audio',
    '--disable-gpu',
    '--disable-dev-shm-usage',
  ],
});
const results = new Map();
try {
  for (const kind of KINDS) await round(kind, ''); // The browser's own first steps are nobody's fault.
  results.clear();
  for (const [net, [rounds]] of Object.entries(NETS)) {
    for (let turn = 0; turn < rounds; turn++) {
      for (const kind of turn % 2 ? KINDS.toReversed() : KINDS) await round(kind, net);
    }
  }
  print();
} finally {
  await browser.close();
  site.close();
  dead.close();
  kamailio('stop.sh');
  rmSync(env.RUN_DIR, { recursive: true, force: true });
}

/** Two fresh pages, and calls from the one to the other. */
async function round(kind, net) {
  const caller = await open(kind, net, '1001');
  const callee = await open(kind, net, '1002');
  for (const page of [caller, callee]) note(kind, net, 'first', 'load', await marks(page, 0));
  for (const call of NETS[net][1]) {
    const before = await Promise.all([caller, callee].map((page) => page.evaluate(() => performance.now())));
    const reach = (page, mark) => {
      const since = before[[caller, callee].indexOf(page)];
      const has = ([mark, since]) => window.marks.some(([name, at]) => name === mark && at > since);
      return page.waitForFunction(has, [mark, since], { timeout: PATIENCE });
    };
    await caller.locator(kind === 'JsSIP' ? '[name=target]' : '.number input').fill('1002');
    await caller.getByRole('button', { name: 'Call', exact: true }).click();
    await Promise.all([reach(caller, 'ackSent'), reach(callee, 'okSent')]);
    const far = await marks(callee, before[1]);
    const near = await marks(caller, before[0]);
    note(kind, net, call, 'callee', far);
    note(kind, net, call, 'caller', { ...near, ackSent: near.ackSent - (far.answered - far.shown) });
    await caller.getByRole('button', { name: 'Hang up', exact: true }).click();
    await Promise.all([reach(caller, 'over'), reach(callee, 'over')]);
  }
  for (const page of [caller, callee]) await page.context().close();
}

/** A page of a kind that has signed in by itself. */
async function open(kind, net, extension) {
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  const server = `ws://127.0.0.1:${env.WS_PORT}`;
  await page.addInitScript(watch, [`${extension}@webphone.test`, `demo-${extension}`, server]);
  const address = kind === 'JsSIP' ? `/jssip/${net && `?ice=${stun}`}` : net ? '/dead/' : '/';
  // The page says it by itself: to ask it would take 25 ms of its time while it loads.
  const registered = page.waitForEvent('console', (message) => message.text() === 'registered');
  await page.goto(site.url + address, { waitUntil: 'commit' });
  await registered;
  return page;
}

/** The moments in a page since one of them, by name; of several of one name the first. */
async function marks(page, since) {
  const all = await page.evaluate(() => window.marks);
  return Object.fromEntries(all.filter(([, at]) => at >= since).toReversed());
}

function note(kind, net, call, side, marks) {
  for (const [name, [whose, from, to]] of Object.entries(TIMES)) {
    if (whose !== side) continue;
    const time = marks[to] - marks[from];
    if (!(time >= 0)) throw new Error(`${kind}: ${name} cannot be told from ${JSON.stringify(marks)}.`);
    const key = [name, call, net, kind].join();
    results.set(key, [...(results.get(key) ?? []), time]);
  }
}

/** Runs in each page before its own scripts. */
function watch(account) {
  const mark = (name, at = performance.now()) => window.marks.push([name, at]);
  window.marks = [['navigation', 0]];
  const visible = (element) => !!element && element.checkVisibility();
  let signedIn = false;
  let rings = false;
  let answered = false; // The far end has.

  new MutationObserver(() => {
    const form = document.forms[0];
    const boxes = form?.querySelectorAll('input:not([type=checkbox])') ?? [];
    const connect = [...(form?.elements ?? [])].find(({ type }) => type === 'submit');
    if (!signedIn && boxes.length === 3 && connect && !connect.disabled) {
      signedIn = true;
      mark('form');
      for (const [place, box] of boxes.entries()) {
        box.value = account[place];
        box.dispatchEvent(new Event('input', { bubbles: true }));
      }
      form.requestSubmit(connect);
    }
    const incoming = visible(document.querySelector('[role=alertdialog]'));
    if (incoming && !rings) {
      mark('shown');
      setTimeout(() => {
        const answer = [...document.querySelectorAll('button')].find((button) => button.textContent.trim() === 'Answer');
        mark('answered');
        answer.click();
      }, 500);
    }
    rings = incoming;
  }).observe(document, { subtree: true, childList: true, attributes: true });

  addEventListener('click', ({ target, timeStamp }) => {
    const button = target.closest?.('button');
    if ((button?.ariaLabel ?? button?.textContent.trim()) === 'Call') mark('called', timeStamp);
  }, true);

  window.WebSocket = class extends WebSocket {
    constructor(...parameters) {
      super(...parameters);
      this.addEventListener('message', ({ data }) => {
        const cseq = /^CSeq: *\d+ +(\w+)/im.exec(data)?.[1];
        if (data.startsWith('INVITE ')) mark('inviteReceived');
        if (!data.startsWith('SIP/2.0 200')) return;
        if (cseq === 'REGISTER') {
          mark('registered');
          console.debug('registered');
        }
        if (cseq === 'INVITE') answered = true;
        if (cseq === 'BYE') mark('over');
      });
    }

    send(data) {
      super.send(data);
      const cseq = /^CSeq: *\d+ +(\w+)/im.exec(data)?.[1];
      if (data.startsWith('INVITE ')) {
        mark('inviteSent');
        answered = false;
      }
      if (data.startsWith('ACK ') && answered) mark('ackSent');
      if (!data.startsWith('SIP/2.0 200')) return;
      if (cseq === 'INVITE') mark('okSent');
      if (cseq === 'BYE') mark('over');
    }
  };
}

async function serve() {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'jssip.js')],
    nodePaths: [join(e2e, 'node_modules')],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  });
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.svg': 'image/svg+xml' };
  const files = new Map(readdirSync(dist).map((name) => [`/${name}`, readFileSync(join(dist, name))]));
  const page = files.get('/index.html').toString();
  files.set('/dead/index.html', page.replace(/<meta name="?webphone-ice"?( [^>]*)?>/, `<meta name="webphone-ice" content="${stun}">`));
  if (!files.get('/dead/index.html').includes(stun)) throw new Error('The page takes no STUN server.');
  files.set('/jssip/index.html', readFileSync(join(import.meta.dirname, 'jssip.html')));
  files.set('/jssip/jssip.js', outputFiles[0].contents);
  const server = createServer(({ url }, response) => {
    const path = url.replace(/\?.*/, '').replace(/\/$/, '/index.html');
    const body = files.get(path);
    response.writeHead(body ? 200 : 404, { 'Content-Type': types[extname(path)] ?? 'text/plain' }).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => (server.closeAllConnections(), server.close()) };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createTcpServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function print() {
  const { version } = JSON.parse(readFileSync(join(e2e, 'node_modules/jssip/package.json')));
  console.log(`Milliseconds in Chromium ${browser.version()}, beside JsSIP ${version}`);
  console.log(`(medians of ${ROUNDS} rounds, with a dead STUN server of ${NETS['dead STUN'][0]}; a ratio below 1 is in our favour)\n`);
  const row = (first, ...cells) => console.log(first.padEnd(52) + cells.map((cell) => cell.padStart(10)).join(''));
  const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
  row('', ...KINDS, 'ratio');
  for (const net of Object.keys(NETS)) {
    for (const name of Object.keys(TIMES)) {
      for (const call of NETS[net][1]) {
        const [ours, theirs] = KINDS.map((kind) => results.get([name, call, net, kind].join()));
        if (!ours) continue;
        const label = [name, call === 'second' && 'second call', net].filter(Boolean).join(', ');
        row(label, median(ours).toFixed(1), median(theirs).toFixed(1), (median(ours) / median(theirs)).toFixed(2));
      }
    }
  }
}
