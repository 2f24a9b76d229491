import type { Coturn } from '../support/coturn';
import { expect, test } from '../support/fixtures';
import { expectTalk, signInAt } from '../support/pbx';
import { expectAudioBothWays, talk, type Phone } from '../support/phone';
import type { Site } from '../support/site';

// The way of the sound is lost, or the computer is in another network: the call looks for another one by itself.

const ufrags = (phone: Phone): (string | undefined)[] =>
  phone.sip.sent(/^(INVITE|SIP\/2.0 200) /).map(({ text }) => /^a=ice-ufrag:(.*)$/m.exec(text)?.[1]).filter(Boolean);

/** The browser says that it is in a network again. */
const online = (phone: Phone) => phone.page.evaluate(() => dispatchEvent(new Event('online')));

/** A relay, and what a page is told so that its sound goes no other way. */
async function relayOnly(site: Site, startCoturn: () => Promise<Coturn>) {
  const coturn = await startCoturn();
  site.answers.set('/turn', () => coturn.grant('user', [coturn.uri('udp')]));
  return { coturn, meta: { 'webphone-turn-credentials': '/turn', 'webphone-ice-policy': 'relay' } };
}

test.afterEach(({ site }) => site.answers.clear());

test('the sound of a call is back after its relay was gone for ten seconds', async ({ phones, site, startCoturn }) => {
  const { coturn, meta } = await relayOnly(site, startCoturn);
  const alice = await phones.signIn('1001', { meta });
  const bob = await phones.signIn('1002', { meta });
  await talk(alice, bob);
  await expectAudioBothWays(alice, bob);
  await coturn.stop();
  await alice.page.waitForTimeout(10_000);
  await coturn.start();
  await expectAudioBothWays(alice, bob);
  await alice.expectInCall('1002');
  expect(new Set(ufrags(alice)).size, 'it should have looked for another way').toBeGreaterThan(1);
  await alice.hangUp();
  await bob.expectDialer();
});

test('a line that is lost together with the way of the sound is found with it', async ({ phones, site, startCoturn }) => {
  const { coturn, meta } = await relayOnly(site, startCoturn);
  const alice = await phones.signIn('1001', { meta });
  const bob = await phones.signIn('1002', { meta });
  await talk(alice, bob);
  await expectAudioBothWays(alice, bob);
  // From here, the next ping is at least twelve seconds away, and its pong has ten.
  await alice.sip.expectReceived(/^\r\n$/, alice.sip.received(/^\r\n$/).length + 1, 20_000);
  alice.wire.hang();
  await coturn.stop();
  await expect.poll(() => alice.sip.sockets.length, { message: 'alice should connect again', timeout: 18_000 }).toBe(2);
  await coturn.start();
  await expectAudioBothWays(alice, bob);
  await alice.hold();
  await bob.expectSilence();
  await bob.hangUp();
  await alice.expectDialer();
});

for (const kind of ['webphone', 'jssip'] as const) {
  test(`in another network the call with ${kind} goes on by another way`, async ({ phones }) => {
    const alice = await phones.signIn('1001');
    const bob = await phones.signIn('1002', { kind });
    await talk(alice, bob);
    await expectAudioBothWays(alice, bob);
    const before = ufrags(alice).at(-1);
    await online(alice);
    await expect.poll(() => ufrags(alice).at(-1), 'it should look for another way').not.toBe(before);
    await alice.sip.expectReceived(/^SIP\/2.0 200 [^]*CSeq: \d+ INVITE/);
    await expectAudioBothWays(alice, bob);
    await bob.hangUp();
    await alice.expectDialer();
  });
}

test('in another network the call through the PBX goes on by another way', async ({ phones, asterisk }) => {
  const [alice, bob] = [await signInAt(phones, asterisk, '1001'), await signInAt(phones, asterisk, '1009', { kind: 'jssip' })];
  await talk(alice, bob);
  await expectTalk(alice, bob);
  const before = ufrags(alice).at(-1);
  await online(alice);
  await expect.poll(() => ufrags(alice).at(-1), 'it should look for another way').not.toBe(before);
  await expectTalk(alice, bob);
  await alice.hangUp();
  await bob.expectDialer();
});
