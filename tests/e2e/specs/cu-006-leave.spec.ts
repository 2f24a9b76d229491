import { browserTypes, type BrowserName } from '../support/browser';
import { expect, test } from '../support/fixtures';
import type { Kamailio } from '../support/kamailio';
import { talk } from '../support/phone';

async function expectGone(kamailio: Kamailio, extension: string): Promise<void> {
  await expect.poll(() => kamailio.contacts(extension), `${extension} should be registered no more`).toEqual([]);
}

test('signing out takes the registration away', async ({ phones, kamailio }) => {
  const alice = await phones.signIn('1001');
  await alice.signOut();
  await expectGone(kamailio, '1001');
  const unregister = alice.sip.sent(/^REGISTER /).at(-1)!.text;
  expect(unregister).toMatch(/expires[=:]\s*0\b/i);
});

test('signing out ends the call', async ({ phones, kamailio }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await alice.signOut();
  await bob.expectDialer();
  await expectGone(kamailio, '1001');
});

test('closing the tab takes the registration away and ends the call', { tag: '@gate' }, async ({ phones, kamailio }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  alice.page.on('dialog', (dialog) => dialog.accept()); // "Leave this page?" is a fair question in a call.
  await alice.page.close({ runBeforeUnload: true });
  await bob.expectDialer();
  await expectGone(kamailio, '1001');
});

test('closing the browser takes the registration away and ends the call', { tag: '@gate' }, async ({ phones, kamailio, startBrowser }) => {
  const browser = await startBrowser();
  const alice = await phones.signIn('1001', { browser });
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  alice.page.on('dialog', (dialog) => dialog.accept());
  // Closing the last window ends a browser; `browser.close()` alone would skip the page's own last words.
  const closed = alice.page.waitForEvent('close');
  await alice.page.close({ runBeforeUnload: true });
  await closed;
  await browser.close();
  await bob.expectDialer();
  await expectGone(kamailio, '1001');
});

test('a browser that is killed is registered no more', { tag: '@gate' }, async ({ phones, kamailio, browserName, launchOptions }) => {
  const type = browserTypes[browserName as BrowserName];
  const server = await type.launchServer(launchOptions);
  const browser = await type.connect(server.wsEndpoint());
  await phones.signIn('1001', { browser });
  await server.kill();
  await expectGone(kamailio, '1001');
});
