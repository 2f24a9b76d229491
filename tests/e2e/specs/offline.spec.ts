import { expect, test } from '../support/fixtures';
import { expectAudioBothWays, talk } from '../support/phone';
import { Site } from '../support/site';

// The page without its web server, and a new version of it.

/** A web server of the test's own, which it can stop. */
const own = test.extend<{ ownSite: Site }>({
  ownSite: async ({}, use) => {
    const site = await Site.open();
    await use(site);
    await site.close().catch(() => {}); // A test may have closed it.
  },
});

/** All files that the page needs are kept by its worker. */
const kept = async () => {
  const cache = await caches.open(`webphone ${location.origin}/`);
  return (await cache.keys()).map(({ url }) => new URL(url).pathname.replace(/-[0-9a-f]{8,16}/, '')).sort();
};

own('the page opens without its web server, and goes on as soon as there is a line', async ({ phones, ownSite }) => {
  const alice = await phones.signIn('1001', { site: ownSite, serviceWorkers: 'allow' });
  await expect.poll(() => alice.page.evaluate(kept)).toEqual(
    expect.arrayContaining(['/', '/styles.css', '/webphone.js', '/webphone_bg.wasm']),
  );
  await ownSite.close();
  const cut = alice.wire.cutFor(6_000);
  await alice.page.reload();
  await alice.expectSays(/^Disconnected/);
  await expect(alice.shown(/The server cannot be reached. Trying again in \d+ s/)).toBeVisible();
  await alice.numberBox.fill('1002');
  await cut;
  await alice.expectSays(/^Connected/);
  const bob = await phones.signIn('1002');
  await talk(bob, alice);
});

own('the sign-in form opens without the web server', async ({ phones, ownSite, kamailio }) => {
  const alice = await phones.open('1001', { site: ownSite, serviceWorkers: 'allow' });
  await expect.poll(() => alice.page.evaluate(kept)).toContain('/webphone_bg.wasm');
  await ownSite.close();
  await alice.page.reload();
  await alice.signIn({ address: '1001@webphone.test', password: 'demo-1001', server: kamailio.url });
});

/** A hash that begins with a zero, which Trunk leaves out. */
const version = '123456789abcdef';

own('a new version is offered once no call is up, and keeps the account', async ({ phones, ownSite }) => {
  const alice = await phones.signIn('1001', { site: ownSite, serviceWorkers: 'allow' });
  const bob = await phones.signIn('1002');
  await expect.poll(() => alice.page.evaluate(kept)).toContain('/webphone_bg.wasm');
  const offered = alice.shown('There is a new version of WebPhone.');
  const look = () => alice.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  const looked = () => alice.page.waitForResponse((response) => new URL(response.url()).pathname === '/');
  await Promise.all([looked(), look()]);
  await talk(alice, bob);
  await expect(offered, 'it is the same version').toBeHidden();
  ownSite.publish(version);
  await Promise.all([looked(), look()]);
  await expectAudioBothWays(alice, bob);
  await expect(offered, 'it waits').toBeHidden();
  await alice.hangUp();
  await expect(offered).toBeVisible();
  await alice.page.getByRole('button', { name: 'Update' }).click();
  await expect(alice.page.locator('link[rel=modulepreload]')).toHaveAttribute('href', new RegExp(version));
  await alice.expectSays(/^Connected/);
  await alice.expectDialer();
  await talk(bob, alice);
});

own('the version that was loaded last opens without the web server', async ({ phones, ownSite }) => {
  const alice = await phones.open('1001', { site: ownSite, serviceWorkers: 'allow' });
  await expect.poll(() => alice.page.evaluate(kept)).toContain('/webphone_bg.wasm');
  ownSite.publish(version);
  await alice.page.reload();
  const names = () => alice.page.evaluate(async () => (await (await caches.open(`webphone ${location.origin}/`)).keys()).map(({ url }) => url).join());
  await expect.poll(names, 'the new one takes the place of the old one').toContain(version);
  expect((await names()).match(/webphone-[0-9a-f]+\.js/g)).toHaveLength(1);
  await ownSite.close();
  await alice.page.reload();
  await expect(alice.connectButton).toBeEnabled();
  await expect(alice.page.locator('link[rel=modulepreload]')).toHaveAttribute('href', new RegExp(version));
});
