import { writeFile } from 'node:fs/promises';
import { expect, test as base } from '../support/fixtures';
import { account } from '../support/kamailio';
import { sdp } from '../support/peer';
import { WebKit, type WebKitPage } from '../support/webkit';

const test = base.extend<{ open: (path: string) => Promise<WebKitPage> }, { webkit: WebKit }>({
  webkit: [
    async ({}, use) => {
      const webkit = await WebKit.launch();
      await use(webkit);
      await webkit.dispose();
    },
    { scope: 'worker' },
  ],
  open: async ({ webkit, site }, use, info) => {
    const pages: WebKitPage[] = [];
    await use(async (path) => {
      pages.push(await webkit.open(site.url + path));
      return pages.at(-1)!;
    });
    for (const page of pages) {
      await writeFile(info.outputPath('webkit.png'), await page.screenshot());
      await page.close();
    }
  },
});

/**
 * Debian's WebKit has no WebRTC. So that the rest of the telephone can be tried in it, it is told that it has, with a
 * connection that can read no offer; and what fails in the page is kept.
 */
const pretend = encodeURIComponent(
  'window.RTCPeerConnection = class { close() {} async setRemoteDescription() { throw new Error("no media"); } };' +
    'window.faults = [];' +
    'for (const kind of ["error", "unhandledrejection"]) addEventListener(kind, (event) => faults.push(String(event.reason || event.message)));',
);

for (const [lang, says] of [
  ['en', ['This browser cannot make calls', 'WebRTC', 'Chrome, Edge, Firefox or Safari', 'reload']],
  ['es', ['Este navegador no puede hacer llamadas', 'WebRTC', 'Chrome, Edge, Firefox o Safari', 'vuelva a cargarla']],
] as const) {
  test(`a browser without WebRTC is told what is missing and what to do, in ${lang}`, async ({ open }) => {
    const page = await open(`/?lang=${lang}`);
    for (const words of says) await page.expectShows(words);
    expect(await page.evaluate('return document.querySelectorAll("button, input").length')).toBe(0);
  });
}

test('what is not a call works in WebKit: sign-in, contacts, text messages, ringing', async ({ open, kamailio, udpPeer }) => {
  const peer = await udpPeer('1009');
  const page = await open(`/with/${pretend}/?lang=en`);
  const { address, password } = account('1001');
  await page.type('SIP address', address);
  await page.type('WebSocket server', kamailio.url);
  await page.type('Password', password);
  await page.click('Connect');
  await page.expectShows('Connected');
  expect(await kamailio.contacts('1001')).toHaveLength(1);

  await page.click('Contacts');
  await page.click('Add contact');
  await page.type('Name', 'Ana Gómez');
  await page.type('Number or SIP address', '1009');
  await page.click('Save');
  await page.expectShows('Ana Gómez');

  await page.click('Messages');
  await page.click('New message');
  await page.type('Number or SIP address', '1009\n');
  await page.type('Message', 'Hello\n');
  const message = await peer.receive(/^MESSAGE /);
  expect(message).toMatch(/\r\n\r\nHello$/);
  peer.reply(message, '200 OK', { tag: 'm' });
  await page.expectShows('Delivered');

  // What was kept is there after a reload.
  await page.goto(await page.evaluate('return location.href'));
  await page.expectShows('Connected');
  await page.click('Contacts');
  await page.expectShows('Ana Gómez');

  const invite = peer.invite('1001', sdp({ setup: 'actpass' }));
  await page.expectShows('Ana Gómez');
  await page.click('Decline');
  await invite;
  await peer.receive(/^SIP\/2.0 (603|486) /);
  expect(await page.evaluate('return faults')).toEqual([]);
});
