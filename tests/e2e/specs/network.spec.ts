import { wholeChromiumPath } from '../support/browser';
import { expect, test } from '../support/fixtures';
import { Network } from '../support/network';
import { expectAudioBothWays, talk, type Phone } from '../support/phone';
import { Site } from '../support/site';

// A computer whose network changes in a call: another address, another way, and for a while none.

const moving = test.extend<{ network: Network; walker: Phone }>({
  network: async ({}, use) => {
    const network = await Network.make();
    await use(network);
    await network.dispose();
  },
  /** A telephone on that computer. */
  walker: async ({ network, phones, startBrowser }, use) => {
    const site = await Site.open(network.host);
    const browser = await startBrowser({ launcher: await network.launcher(wholeChromiumPath), trusted: site.url });
    await use(await phones.signIn('1001', { browser, site }));
    await site.close();
  },
});

moving.beforeAll(async ({ browserName }) => {
  moving.skip(browserName !== 'chromium', 'The driver reaches Firefox by a port, which would be in the other network.');
  moving.skip(!(await Network.canBeMade()), 'This computer lets nobody make networks: that takes root and CAP_NET_ADMIN.');
});

/** Sound comes in, more of it than may have been on its way. */
async function expectPackets(phone: Phone): Promise<void> {
  const { packets } = await phone.inbound();
  await expect
    .poll(async () => (await phone.inbound()).packets - packets, { message: `${phone} should receive sound again`, intervals: [50] })
    .toBeGreaterThan(25);
}

for (const [what, gap] of [
  ['another network', 0],
  ['another network after four seconds without any', 4_000],
] as const) {
  moving(`a call goes on in ${what}`, async ({ network, walker, phones }) => {
    const bob = await phones.signIn('1002');
    await talk(walker, bob);
    await expectAudioBothWays(walker, bob);
    const invites = walker.sip.sent(/^INVITE /).length;
    if (gap) {
      await network.use();
      await walker.page.waitForTimeout(gap);
    }
    await network.use('mobile');
    const since = Date.now();
    await Promise.all([walker, bob].map(expectPackets));
    console.log(`sound flows both ways ${Date.now() - since} ms after there is a network again`);
    await expectAudioBothWays(walker, bob);
    expect(walker.sip.sent(/^INVITE /).length, 'by a new INVITE in the dialog').toBeGreaterThan(invites);
    await walker.expectSays(/^Connected/);
    await walker.hold();
    await bob.expectSilence();
    await bob.hangUp();
    await Promise.all([walker.expectDialer(), bob.expectDialer()]);
  });
}

moving('a telephone that changes its network rings in the new one', async ({ network, walker, phones, kamailio }) => {
  await network.use('mobile');
  await expect.poll(() => walker.sip.sockets.length, { timeout: 15_000 }).toBeGreaterThan(1);
  await walker.expectSays(/^Connected/);
  await expect.poll(() => kamailio.contacts('1001')).toHaveLength(1);
  const bob = await phones.signIn('1002');
  await talk(bob, walker);
});
