import { expect, test } from '../support/fixtures';
import { expectAudioBothWays, talk, type Phone } from '../support/phone';

const down = /(disconnected|connecting|reconnect|lost)/i;

async function expectBack(...phones: Phone[]): Promise<void> {
  for (const phone of phones) await phone.expectSays(/Connected/, 30_000);
}

test('the phone says that the server is away, comes back and registers again', { tag: '@gate' }, async ({ phones, kamailio }) => {
  const alice = await phones.signIn('1001');
  await kamailio.stop();
  await alice.expectSays(down);
  await kamailio.start();
  await expectBack(alice);
  await expect.poll(() => kamailio.contacts('1001'), 'it should be registered again').toHaveLength(1);
  const bob = await phones.signIn('1002');
  await talk(bob, alice);
});

test('the pauses between attempts grow', async ({ phones, kamailio }) => {
  const alice = await phones.signIn('1001');
  const before = alice.sip.sockets.length;
  await kamailio.stop();
  await expect.poll(() => alice.sip.sockets.length - before, { message: 'four attempts', timeout: 40_000 }).toBe(4);
  const times = alice.sip.sockets.slice(before);
  const pauses = times.slice(1).map((time, index) => time - times[index]);
  expect(pauses.at(-1)!, `milliseconds between attempts: ${pauses.join(', ')}`).toBeGreaterThan(pauses[0]);
});

for (const who of ['the caller', 'the callee']) {
  test(`a call keeps its sound without the server, and ${who} can hang up afterwards`, { tag: who === 'the caller' ? ['@gate', '@firefox'] : '@gate' }, async ({ phones, kamailio }) => {
    const alice = await phones.signIn('1001');
    const bob = await phones.signIn('1002');
    await talk(alice, bob);
    await expectAudioBothWays(alice, bob);
    await kamailio.stop();
    await Promise.all([alice.expectSays(down), bob.expectSays(down)]);
    await expectAudioBothWays(alice, bob);
    await kamailio.start();
    await expectBack(alice, bob);
    await expectAudioBothWays(alice, bob);
    await (who === 'the caller' ? alice : bob).hangUp();
    await Promise.all([alice.expectDialer(), bob.expectDialer()]);
    await talk(bob, alice);
  });
}
