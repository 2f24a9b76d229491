import { expect, test } from '../../support/page';

test('what a stalled line holds arrives once it goes on, both ways', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  alice.wire.stall(true);
  await bob.call('1001');
  await bob.sip.expectSent(/^INVITE /);
  expect(alice.sip.received(/^INVITE /)).toEqual([]);
  alice.wire.stall(false);
  await alice.expectIncoming('1002');

  alice.wire.stall(true);
  await alice.answer();
  await alice.sip.expectSent(/^SIP\/2\.0 200 [^]*\r\nCSeq: \d+ INVITE/);
  expect(bob.sip.received(/^SIP\/2\.0 200 [^]*\r\nCSeq: \d+ INVITE/)).toEqual([]);
  alice.wire.stall(false);
  await bob.expectInCall('1001');
  await alice.expectInCall('1002');
});
