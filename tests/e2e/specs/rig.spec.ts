import { expect, test } from '../support/fixtures';
import { expectAudioBothWays, loud, talk } from '../support/phone';
import { account } from '../support/kamailio';
import { sdp } from '../support/peer';

// The rig itself, with JsSIP on both sides: what fails here is not our page's fault.
const jssip = { kind: 'jssip' } as const;

test('a page is registered, and no longer once it is closed', async ({ phones, kamailio }) => {
  const alice = await phones.signIn('1001', jssip);
  expect(await kamailio.contacts('1001')).toHaveLength(1);
  await alice.page.context().close();
  await expect.poll(() => kamailio.contacts('1001'), 'the contact should go with its WebSocket').toEqual([]);
});

test('two pages talk, both hear the other, and either side can hang up', { tag: '@preflight' }, async ({ phones }) => {
  const alice = await phones.signIn('1001', jssip);
  const bob = await phones.signIn('1002', jssip);
  await talk(alice, bob);
  await expectAudioBothWays(alice, bob);
  await bob.hangUp();
  await alice.expectDialer();
  await talk(bob, alice);
  await expectAudioBothWays(alice, bob);
  await bob.hangUp();
  await alice.expectDialer();
});

test('a muted microphone is silence, and heard again afterwards', async ({ phones }) => {
  const alice = await phones.signIn('1001', jssip);
  const bob = await phones.signIn('1002', jssip);
  await talk(alice, bob);
  await bob.expectHears();
  await alice.setMuted(true);
  await bob.expectSilence();
  await alice.setMuted(false);
  await bob.expectHears();
});

test('a hum that is there stands out, and one that is not does not', async ({ phones }) => {
  const alice = await phones.signIn('1001', { kind: 'jssip', pitch: 400 });
  const bob = await phones.signIn('1002', { kind: 'jssip', pitch: 730 });
  await talk(alice, bob);
  await bob.expectHearsPitches([400], [730]);
  const standsOut = (pitch: number) => bob.page.evaluate((pitch) => window.ears.standsOut(1, pitch), pitch);
  expect(await standsOut(400)).toBeGreaterThan(loud);
  expect(await standsOut(730)).toBeLessThan(loud - 20);
});

test('ringing and ring-back are heard', async ({ phones }) => {
  const alice = await phones.signIn('1001', jssip);
  const bob = await phones.signIn('1002', jssip);
  await alice.call('1002');
  await alice.expectRinging('1002');
  await Promise.all([alice.expectTone(), bob.expectTone()]);
});

for (const contact of ['a GRUU', 'a plain contact']) {
  test(`with ${contact}, a call can be hung up after the server was restarted`, async ({ phones, kamailio }) => {
    const query = contact === 'a GRUU' ? '' : 'plain-contact';
    const alice = await phones.signIn('1001', { ...jssip, query });
    const bob = await phones.signIn('1002', { ...jssip, query });
    await talk(alice, bob);
    await kamailio.stop();
    await Promise.all([alice.expectSays(/Disconnected/), bob.expectSays(/Disconnected/)]);
    await kamailio.start();
    await Promise.all([alice.expectSays(/Connected/, 30_000), bob.expectSays(/Connected/, 30_000)]);
    await expectAudioBothWays(alice, bob);
    await bob.hangUp();
    await alice.sip.expectReceived(/^BYE /);
    await alice.expectDialer();
  });
}

const outcomes = { '2403': 403, '2404': 404, '2408': 408, '2480': 480, '2486': 486, '2500': 500, '2503': 503, '2603': 603, '1009': 480, '1010': 404 };
for (const [number, code] of Object.entries(outcomes)) {
  test(`the server answers a call to ${number} with ${code}`, async ({ phones }) => {
    const alice = await phones.signIn('1001', jssip);
    await alice.call(number);
    await alice.sip.expectReceived(new RegExp(`^SIP/2.0 ${code} [^]*CSeq: \\d+ INVITE`));
    await alice.expectDialer();
  });
}

test('the server tells a wrong password from an unknown user', async ({ phones, kamailio }) => {
  const alice = await phones.open('1001', jssip);
  await alice.fillSignIn({ address: account('1001').address, password: 'wrong', server: kamailio.url });
  await alice.connectButton.click();
  await alice.sip.expectReceived(/^SIP\/2.0 401/, 2);
  await alice.fillSignIn({ address: account('1010').address, password: 'demo-1010', server: kamailio.url });
  await alice.connectButton.click();
  await alice.sip.expectReceived(/^SIP\/2.0 404/);
});

test('a scripted peer is called, cancelled and calls', async ({ phones, udpPeer }) => {
  const alice = await phones.signIn('1001', jssip);
  const peer = await udpPeer('1009');
  await alice.call('1009');
  const invite = await peer.receive(/^INVITE /);
  peer.reply(invite, '180 Ringing', { tag: 'a' });
  await alice.expectRinging('1009');
  await alice.hangUp();
  peer.reply(await peer.receive(/^CANCEL /), '200 OK', { tag: 'a' });
  peer.reply(invite, '487 Request Terminated', { tag: 'a' });
  await peer.receive(/^ACK /);
  await alice.expectDialer();

  const outgoing = await peer.invite('1001', sdp({ setup: 'actpass' }), 'Ada Lovelace');
  await alice.expectIncoming('Ada Lovelace', '1009');
  await alice.answer();
  const answer = await peer.receive(/^SIP\/2.0 200 [^]*CSeq: \d+ INVITE/);
  peer.ack(outgoing, answer);
  await alice.expectInCall('1009');
  peer.bye(outgoing, answer);
  await peer.receive(/^SIP\/2.0 200 [^]*CSeq: \d+ BYE/);
  await alice.expectDialer();
});

// What the tests of crossing messages stand on: two scripted peers that do it right.

test('both answers of a forked call pass through the server, and either can be ended', async ({ udpPeer }) => {
  const [caller, callee] = [await udpPeer('1008'), await udpPeer('1009')];
  const sent = await caller.invite('1009', sdp());
  const invite = await callee.receive(/^INVITE /);
  for (const tag of ['first', 'second']) {
    callee.reply(invite, '200 OK', { tag, sdp: sdp() });
    const answer = await caller.receive(new RegExp(`^SIP/2.0 200 [^]*To: [^\r]*tag=${tag}`));
    caller.ack(sent, answer);
    await callee.receive(new RegExp(`^ACK [^]*To: [^\r]*tag=${tag}`));
    caller.bye(sent, answer);
    callee.reply(await callee.receive(new RegExp(`^BYE [^]*To: [^\r]*tag=${tag}`)), '200 OK');
    await caller.receive(/^SIP\/2.0 200 [^]*CSeq: \d+ BYE/);
  }
});

test('a 200 that crosses CANCEL passes through the server', async ({ udpPeer }) => {
  const [caller, callee] = [await udpPeer('1008'), await udpPeer('1009')];
  const sent = await caller.invite('1009', sdp());
  const invite = await callee.receive(/^INVITE /);
  callee.reply(invite, '180 Ringing', { tag: 'a' });
  await caller.receive(/^SIP\/2.0 180 /);
  caller.cancel(sent);
  const cancel = await callee.receive(/^CANCEL /);
  callee.reply(invite, '200 OK', { tag: 'a', sdp: sdp() });
  callee.reply(cancel, '200 OK', { tag: 'a' });
  const answer = await caller.receive(/^SIP\/2.0 200 [^]*CSeq: \d+ INVITE/);
  caller.ack(sent, answer);
  await callee.receive(/^ACK /);
  caller.bye(sent, answer);
  await callee.receive(/^BYE /);
});

test('a server with SHA-256 accepts what is right, and one with long intervals says 423', async ({ startKamailio, udpPeer }) => {
  const server = await startKamailio({ sha256: true });
  await udpPeer('1009', server);
  expect(await server.contacts('1009')).toHaveLength(1);
  const patient = await startKamailio({ minExpires: 3000 });
  await expect(udpPeer('1009', patient)).rejects.toThrow(/423 Interval Too Brief[^]*Min-Expires: 3000/);
});
