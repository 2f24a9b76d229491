import { expect, test } from '../../support/page';
import { talk } from '../../support/phone';
import { accessibilityFaults, layoutFaults } from '../../support/screens';

/** Keeps the telephone's memory where the test finds it. */
function findMemory(): void {
  addEventListener('TrunkApplicationStarted', (event) => {
    Object.assign(window, { memory: (event as CustomEvent).detail.wasm.memory });
  });
}

/** Overwrites all that the telephone has in memory, so that the next thing it does fails. */
function ruinMemory(): void {
  new Uint8Array((window as unknown as { memory: WebAssembly.Memory }).memory.buffer).fill(0xff);
}

for (const [language, stopped, reload] of [
  ['en', 'The telephone has stopped.', 'Reload'],
  ['es', 'El teléfono se detuvo.', 'Volver a cargar'],
] as const) {
  test(`a telephone that has failed inside says so in ${language}, and a click brings a new one`, async ({ phones }) => {
    const ana = await phones.open('1001', { language, query: `lang=${language}`, before: findMemory });
    await ana.page.waitForFunction(() => 'memory' in window);
    await ana.page.evaluate(ruinMemory);
    // What the telephone does by itself may fail before the click.
    await ana.connectButton.click({ timeout: 2_000 }).catch(() => {});
    await expect(ana.page.getByRole('alert')).toContainText(stopped);
    await expect(ana.connectButton).toBeHidden();
    const button = ana.page.getByRole('button', { name: reload, exact: true });
    await expect(button).toBeFocused();
    await button.click();
    await expect(ana.connectButton).toBeEnabled();
    await expect(ana.page.getByRole('alert')).toHaveCount(0);
  });
}

for (const [when, language, helper, spoil] of [
  ['after its start', 'en', 'For whoever helps you:', () => {
    addEventListener('click', () => { document.createElementNS = () => { throw new Error('spoilt'); }; }, { capture: true });
  }],
  ['at its start', 'es', 'Para quien le ayude:', () => {
    addEventListener('DOMContentLoaded', () => document.getElementById('sign-in-lead')!.remove());
  }],
] as const) {
  test(`what ended the telephone ${when} is said in ${language}, with its place, on the page and in the console`, async ({ phones }) => {
    const ana = await phones.open('1001', { language, query: `lang=${language}`, before: spoil });
    const said: string[] = [];
    ana.page.on('console', (message) => said.push(message.text()));
    if (when === 'at its start') await ana.page.reload();
    else await ana.connectButton.click();
    const alert = ana.page.getByRole('alert');
    await expect(alert).toContainText(helper);
    await expect(alert).toContainText(/panicked at src\/ui\/[a-z_/]+\.rs:\d+:\d+:\s+\S.+/);
    await expect.poll(() => said.join('\n')).toMatch(/panicked at src\/ui\/[a-z_/]+\.rs:\d+/);
    await ana.page.setViewportSize({ width: 360, height: 640 });
    expect(await layoutFaults(ana.page)).toEqual([]);
    expect(await accessibilityFaults(ana.page)).toEqual([]);
  });
}

/** Keeps the telephone's memory, and what the page opens, where the test finds them. */
function findOpened(): void {
  const opened: [string, () => boolean][] = [];
  Object.assign(window, {
    stillOpen: () => opened.filter(([, isOpen]) => isOpen()).map(([name]) => name).sort(),
  });
  const note = <T>(name: string, isOpen: (one: T) => boolean) => {
    const all = window as unknown as Record<string, new (...args: unknown[]) => object>;
    all[name] = new Proxy(all[name], {
      construct(made, args, target) {
        const one = Reflect.construct(made, args, target);
        opened.push([name, () => isOpen(one as T)]);
        return one;
      },
    });
  };
  note<RTCPeerConnection>('RTCPeerConnection', (one) => one.signalingState !== 'closed');
  note<WebSocket>('WebSocket', (one) => one.readyState < WebSocket.CLOSING);
  const media = navigator.mediaDevices;
  const ask = media.getUserMedia.bind(media);
  media.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    opened.push(['microphone', () => stream.active]);
    return stream;
  };
  const clone = MediaStreamTrack.prototype.clone;
  MediaStreamTrack.prototype.clone = function () {
    const copy = clone.call(this);
    opened.push(['microphone', () => copy.readyState === 'live']);
    return copy;
  };
  addEventListener('TrunkApplicationStarted', (event) => {
    Object.assign(window, { memory: (event as CustomEvent).detail.wasm.memory });
  });
}

test('a telephone that fails inside in a call ends its microphone, its connections and its line', async ({ phones, server }) => {
  const bob = await phones.signIn('1002');
  const alice = await phones.signIn('1001', { before: findOpened });
  await talk(alice, bob);
  const stillOpen = () => alice.page.evaluate(() => (window as unknown as { stillOpen: () => string[] }).stillOpen());
  expect(new Set(await stillOpen())).toEqual(new Set(['RTCPeerConnection', 'WebSocket', 'microphone']));
  await alice.page.evaluate(ruinMemory);
  await alice.muteButton.click({ timeout: 2_000 }).catch(() => {});
  await expect(alice.page.getByRole('alert')).toContainText('The telephone has stopped.');
  await expect.poll(stillOpen).toEqual([]);
  // Another tab may have the telephone.
  await expect.poll(() => alice.page.evaluate(async () => (await navigator.locks.query()).held)).toEqual([]);
  // What is left of it opens nothing any more.
  const state = await alice.page.evaluate((server) => {
    const { hold } = window as unknown as { hold: (thing: WebSocket) => void };
    const socket = new WebSocket(server, 'sip');
    hold(socket);
    return socket.readyState;
  }, server.url);
  expect(state).toBeGreaterThanOrEqual(2);
});

test('a tab that fails leaves the telephone to the one that has it', async ({ phones }) => {
  const bob = await phones.signIn('1002');
  const alice = await phones.signIn('1001');
  await talk(alice, bob);
  const other = await alice.page.context().newPage();
  await other.addInitScript(findMemory);
  await other.goto(alice.page.url());
  await other.waitForFunction(() => 'memory' in window);
  await expect(other.getByText('1002').first()).toBeVisible();
  await other.evaluate(ruinMemory);
  await other.getByRole('button').first().click({ timeout: 2_000 }).catch(() => {});
  await expect(other.getByRole('alert')).toContainText('The telephone has stopped.');
  await alice.expectInCall('1002');
  await alice.hangUp();
  await bob.expectDialer();
});

for (const [language, heading, remedy] of [
  ['en', 'This browser cannot run WebPhone', /Update it, or open this page in a current Chrome/],
  ['es', 'Este navegador no puede abrir WebPhone', /Actualícelo o abra esta página en una versión actual de Chrome/],
] as const) {
  test(`a browser that cannot start the telephone is told so in ${language}`, async ({ phones }) => {
    const before = () => Reflect.deleteProperty(window, 'WebAssembly');
    const ana = await phones.open('1001', { language, query: `lang=${language}`, before });
    await expect(ana.page.getByRole('alert').getByRole('heading', { name: heading })).toBeVisible();
    await expect(ana.page.getByRole('alert')).toContainText(remedy);
  });
}

test('a telephone that could not be loaded says so, and a click loads it', async ({ phones, browser }) => {
  const context = await browser.newContext();
  await context.route('**/*.wasm', (route) => route.abort());
  const ana = await phones.openIn(context, '1001');
  await expect(ana.page.getByRole('alert')).toContainText('WebPhone could not be loaded');
  await context.unroute('**/*.wasm');
  await ana.page.getByRole('button', { name: 'Reload', exact: true }).click();
  await expect(ana.connectButton).toBeEnabled();
  await context.close();
});

for (const [language, heading, remedy] of [
  ['en', 'This browser cannot make calls', /Open this page in Chrome, Edge, Firefox or Safari/],
  ['es', 'Este navegador no puede hacer llamadas', /Abra esta página en Chrome, Edge, Firefox o Safari/],
] as const) {
  test(`where WebRTC is switched off, the page says so in ${language} instead of a telephone`, async ({ phones }) => {
    const before = () => Reflect.deleteProperty(window, 'RTCPeerConnection');
    const ana = await phones.open('1001', { language, query: `lang=${language}`, before });
    await expect(ana.page.getByRole('heading', { name: heading })).toBeVisible();
    await expect(ana.shown(remedy)).toBeVisible();
    await expect(ana.connectButton).toBeHidden();
  });
}

test('without JavaScript the page says what it needs', async ({ browser, browserName, site }) => {
  test.skip(browserName === 'firefox', "Firefox's driver cannot switch the scripts of a page off.");
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(site.url);
  // Locators look into no <noscript>; this is what is on the screen.
  const shown = () => page.locator('body').innerText();
  await expect.poll(shown).toContain('WebPhone needs JavaScript');
  await expect.poll(shown).toContain('WebPhone necesita JavaScript');
  await context.close();
});
