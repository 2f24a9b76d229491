import { expect, test } from '../../support/page';
import { sdp } from '../../support/peer';

test('"Calling…" is shown until the other side rings', async ({ phones, server }) => {
  const alice = await phones.signIn('1001');
  const peer = server.peer('1009');
  await alice.call('1009');
  const invite = await peer.receive(/^INVITE /);
  await expect(alice.shown('Calling…')).toBeVisible();
  await expect(alice.shown('1009')).toBeVisible();
  peer.reply(invite, '180 Ringing', { tag: 'a' });
  await alice.expectRinging('1009');
  await expect(alice.shown('Calling…')).toBeHidden();
  peer.reply(invite, '486 Busy Here', { tag: 'a' });
  await alice.expectSays(/busy/i);
  await alice.expectDialer();
});

const outcomes = {
  busy: { number: '2486', says: /busy/i },
  declined: { number: '2603', says: /(declin|reject)/i },
  'not found': { number: '1010', says: /(not found|no such|exist|unknown|not known|nobody)/i },
  'no answer': { number: '2408', says: /(no|not|n[’']t|un|nobody|no one) ?answer/i },
  'server error': { number: '2500', says: /server/i },
  'not available': { number: '1009', says: /(unavailable|not available|offline|not (registered|connected|signed in)|reach)/i },
  forbidden: { number: '2403', says: /(forbid|not allowed|not permitted|may not|refus)/i },
};

for (const [name, { number, says }] of Object.entries(outcomes)) {
  test(`the notice says "${name}", then the dialer is back`, async ({ phones }) => {
    const alice = await phones.signIn('1001');
    await alice.call(number);
    await alice.expectSays(says);
    await alice.expectDialer();
    await expect(alice.callButton, 'the next call should be possible').toBeEnabled();
  });
}

test('each outcome has a sentence of its own', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const sentences = new Set<string>();
  for (const { number, says } of Object.values(outcomes)) {
    await alice.call(number);
    await alice.expectOwnSentence(says, sentences);
    await alice.expectDialer();
  }
});

test('a second answer of a forked call is ended, and the call stays', async ({ phones, server }) => {
  const alice = await phones.signIn('1001');
  const peer = server.peer('1009');
  await alice.call('1009');
  const invite = await peer.receive(/^INVITE /);
  peer.reply(invite, '200 OK', { tag: 'first', sdp: sdp() });
  await peer.receive(/^ACK [^]*To: [^\r]*tag=first/);
  peer.reply(invite, '200 OK', { tag: 'second', sdp: sdp() });
  await peer.receive(/^ACK [^]*To: [^\r]*tag=second/);
  const bye = await peer.receive(/^BYE /);
  expect(bye, 'the second dialog should end, not the first').toMatch(/To: [^\r]*tag=second/);
  peer.reply(bye, '200 OK');
  await alice.expectInCall('1009');
  await alice.hangUp();
  peer.reply(await peer.receive(/^BYE [^]*To: [^\r]*tag=first/), '200 OK');
  await alice.expectDialer();
});
