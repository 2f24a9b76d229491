import { test } from '../../support/page';
import { expectNoCallLeft } from '../../support/phone';
import { sdp } from '../../support/peer';

test('a 200 that crosses our CANCEL is acknowledged and ended', async ({ phones, server }) => {
  const alice = await phones.signIn('1001');
  const peer = server.peer('1009');
  await alice.call('1009');
  const invite = await peer.receive(/^INVITE /);
  peer.reply(invite, '180 Ringing', { tag: 'a' });
  await alice.expectRinging('1009');
  await alice.hangUp();
  const cancel = await peer.receive(/^CANCEL /);
  peer.reply(invite, '200 OK', { tag: 'a', sdp: sdp() });
  peer.reply(cancel, '200 OK', { tag: 'a' });
  await peer.receive(/^ACK /);
  peer.reply(await peer.receive(/^BYE /), '200 OK');
  await expectNoCallLeft(alice);
});

test('a CANCEL that crosses our 200 leaves a call that the caller can end', async ({ phones, server }) => {
  const alice = await phones.signIn('1001');
  const peer = server.peer('1009');
  const invite = await peer.invite('1001', sdp({ setup: 'actpass' }));
  await alice.expectIncoming('1009');
  await alice.answer();
  const answer = await peer.receive(/^SIP\/2.0 200 [^]*CSeq: \d+ INVITE/);
  peer.cancel(invite);
  peer.ack(invite, answer);
  await alice.expectInCall('1009');
  peer.bye(invite, answer);
  await peer.receive(/^SIP\/2.0 200 [^]*CSeq: \d+ BYE/);
  await expectNoCallLeft(alice);
});
