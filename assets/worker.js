// Outlives the page: has it open without a network, and says its last words when it does not come back
// (src/platform/worker.rs).
const CACHE = `webphone ${registration.scope}`;
/** How long a page that was left may take to come back (Safari ends a worker without pages after 10 s), and a network to answer, in ms. */
const GRACE = 5_000;
const PATIENCE = 4_000;
/** Their names change with their content: Trunk's hash, without zeros at its beginning. */
const LASTING = /^[\w]+-[0-9a-f]{8,16}(_bg)?\.\w+$/;

let words;

addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));

addEventListener('message', (event) => {
  const { keep, leave, back, again, settle } = event.data;
  if (keep) event.waitUntil(store(keep).catch(() => {})); // Without a network all stays as it is.
  if (leave) event.waitUntil(wait({ ...leave, frames: [...(words?.frames ?? []), ...leave.frames] }));
  if (back) words?.stop();
  if (again && words) event.waitUntil(wait(words));
  if (settle !== undefined) {
    if (settle && words) event.waitUntil(say(words));
    words = undefined;
  }
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const file = fileOf(request.url);
  if (request.method !== 'GET' || file === undefined) return;
  const isPage = file === '' || file === 'index.html';
  event.respondWith(LASTING.test(file) ? kept(request) : fresh(request, isPage ? registration.scope : request));
});

/** The name of a file of the page. What else the web server has is not ours to touch, nor to keep. */
function fileOf(address) {
  const { origin, pathname } = new URL(address);
  const name = (origin + pathname).replace(registration.scope, '');
  return LASTING.test(name) || ['', 'index.html', 'timers.js', 'licenses.txt'].includes(name) ? name : undefined;
}

async function kept(request) {
  return (await match(request)) ?? fetch(request);
}

async function match(request) {
  return (await caches.open(CACHE)).match(request);
}

/** From the network; as it is kept where that fails or takes too long. */
async function fresh(request, name) {
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  const answer = fetch(request);
  const soon = await Promise.race([answer, late]).catch(() => undefined);
  if (soon?.ok || soon?.type === 'opaqueredirect') return soon;
  return (await match(name)) ?? soon ?? answer;
}

/** Keeps the page with its files, and nothing else: the one that the web server has now, if these are its files. */
async function store(names) {
  const files = names.filter(fileOf); // Not the page itself, whose name is empty.
  const page = await fetch(registration.scope, { cache: 'no-cache' });
  const text = await page.clone().text();
  const stems = files.map(fileOf).filter((name) => LASTING.test(name)).map((name) => name.replace(/\.\w+$/, ''));
  if (!page.ok || page.redirected || !stems.every((stem) => text.includes(stem))) return;
  const cache = await caches.open(CACHE);
  await cache.addAll(files);
  await cache.put(registration.scope, page);
  for (const request of await cache.keys()) {
    if (request.url !== registration.scope && !files.includes(request.url)) await cache.delete(request);
  }
}

/** Says the last words of a page after a while, unless one comes back. */
function wait(leave) {
  words = leave;
  return new Promise((done) => {
    leave.stop = done;
    setTimeout(() => done(true), GRACE);
  }).then((isGone) => {
    if (!isGone || words !== leave) return;
    words = undefined;
    return say(leave);
  });
}

function say({ url, frames }) {
  return new Promise((done) => {
    const socket = new WebSocket(url, 'sip');
    socket.onopen = () => {
      for (const frame of frames) socket.send(new TextDecoder().decode(frame));
      setTimeout(() => socket.close(), 2_000); // Whoever answers is heard out.
    };
    socket.onclose = done;
  });
}
