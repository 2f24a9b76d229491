import { expect, test, type Phones } from '../support/fixtures';
import { expectAudioBothWays, talk, type Phone } from '../support/phone';
import type { SipServer } from '../support/server';

// What Asterisk is set up to do, with JsSIP as the telephone: what fails here is not our page's fault.
// JsSIP knows MD5 alone, so these are the extensions 1006 to 1009.

const signIn = (phones: Phones, extension: string, server: SipServer) => phones.signIn(extension, { kind: 'jssip', server });

/** Has the JsSIP of a page do something: `does(bob, 'call.hold()')`. */
const does = (phone: Phone, script: string) => phone.page.evaluate(`(() => { window.jssip.${script}; })()`);

test('who is held hears music, and afterwards the other again', { tag: '@preflight' }, async ({ phones, asterisk }) => {
  const [bob, carol] = [await signIn(phones, '1008', asterisk), await signIn(phones, '1009', asterisk)];
  await talk(bob, carol);
  await does(bob, 'call.mute()'); // What she hears now is not he.
  await carol.expectSilence();
  await does(bob, 'call.hold()');
  await bob.sip.expectSent(/^INVITE [^]*a=sendonly/);
  await carol.expectHears();
  await does(bob, 'call.unhold()');
  await carol.expectSilence();
});

test('a call is transferred with REFER, and NOTIFY tells of it', async ({ phones, asterisk }) => {
  const [bob, carol] = [await signIn(phones, '1008', asterisk), await signIn(phones, '1009', asterisk)];
  await talk(bob, carol);
  await does(bob, `call.refer('600')`);
  await bob.sip.expectReceived(/^SIP\/2.0 202 [^]*CSeq: \d+ REFER/);
  await bob.sip.expectReceived(/^NOTIFY [^]*\r\n\r\nSIP\/2.0 200 /);
  await expect.poll(() => asterisk.cli('core show channels'), 'she should hear her own echo').toMatch(/PJSIP\/1009-.*Echo/);
});

test('two calls of a telephone become one with REFER and Replaces', async ({ phones, asterisk }) => {
  const [alice, bob, carol] = [await signIn(phones, '1007', asterisk), await signIn(phones, '1008', asterisk), await signIn(phones, '1009', asterisk)];
  await talk(bob, alice);
  await does(bob, `first = jssip.call`);
  await does(bob, `second = jssip.ua.call('1009', { mediaConstraints: { audio: true, video: false } })`);
  await carol.expectIncoming('1008');
  await carol.answer();
  await carol.expectInCall('1008');
  await does(bob, `first.refer('1009', { replaces: jssip.second })`);
  await bob.sip.expectSent(/^REFER [^]*Refer-To: [^\r]*Replaces/);
  await bob.sip.expectReceived(/^SIP\/2.0 202 [^]*CSeq: \d+ REFER/);
  await expect.poll(async () => (await asterisk.channels()).filter((name) => name.includes('1008'))).toEqual([]);
  await expectAudioBothWays(alice, carol);
});

test('Asterisk transfers the caller with REFER', async ({ phones, asterisk }) => {
  const bob = await signIn(phones, '1008', asterisk);
  await bob.call('614');
  await bob.expectInCall('614');
  await does(bob, `call.on('refer', ({ accept }) => accept(null, { mediaConstraints: { audio: true, video: false } }))`);
  await bob.sip.expectReceived(/^REFER [^]*Refer-To: <?sip:600@webphone\.test/);
  await bob.sip.expectSent(/^NOTIFY [^]*\r\n\r\nSIP\/2.0 200 /);
  await bob.sip.expectReceived(/^BYE /);
  await expect.poll(() => asterisk.cli('core show channels'), 'he should hear his own echo').toMatch(/PJSIP\/1008-.*Echo/);
});

for (const [extension, way] of [['1009', 'RFC 4733'], ['1006', 'INFO']]) {
  test(`digits arrive by ${way}, and are told as a text message`, async ({ phones, asterisk }) => {
    const bob = await signIn(phones, extension, asterisk);
    await bob.call('620');
    await bob.expectInCall('620');
    await bob.expectHears(); // A digit that is sent before the media flows is lost.
    await does(bob, `call.sendDTMF('1234', { transportType: '${way === 'INFO' ? 'INFO' : 'RFC2833'}' })`);
    await bob.sip.expectReceived(/^MESSAGE [^]*\r\n\r\nYou dialled 1234\./);
    await bob.expectHears();
  });
}

test('digits reach the telephone network', async ({ phones, asterisk, plainPeer }) => {
  const bob = await signIn(phones, '1009', asterisk);
  await bob.call(plainPeer.answering);
  await bob.expectInCall(plainPeer.answering);
  await plainPeer.expectHears(); // A digit that is sent before the media flows is lost.
  await does(bob, `call.sendDTMF('12#', { transportType: 'RFC2833' })`);
  await plainPeer.expectDigits('12#');
});

test('voicemail is told without being asked', async ({ phones, asterisk }) => {
  const alice = await signIn(phones, '1007', asterisk);
  await alice.sip.expectReceived(/^NOTIFY [^]*Messages-Waiting: no/);
  await asterisk.leaveVoicemail('1007', { name: 'Ada Lovelace', number: '1001' });
  await alice.sip.expectReceived(/^NOTIFY [^]*Messages-Waiting: yes[^]*Voice-Message: 1\/0/);
  await alice.call('603');
  await alice.expectInCall('603');
  await alice.expectHears();
});

test('voicemail is told to who subscribes', async ({ phones, asterisk }) => {
  const bob = await signIn(phones, '1008', asterisk);
  await does(bob, `ua.subscribe('1008', 'message-summary', 'application/simple-message-summary', {}).subscribe()`);
  await bob.sip.expectReceived(/^NOTIFY [^]*Messages-Waiting: no/);
  await asterisk.leaveVoicemail('1008');
  await bob.sip.expectReceived(/^NOTIFY [^]*Messages-Waiting: yes[^]*Voice-Message: 1\/0/);
});

for (const [event, type, busy] of [
  ['dialog', 'application/dialog-info+xml', '<state>confirmed</state>'],
  ['presence', 'application/pidf+xml', '<note>On the phone</note>'],
]) {
  test(`a busy lamp lights, told by ${event}`, async ({ phones, asterisk }) => {
    const [bob, carol] = [await signIn(phones, '1008', asterisk), await signIn(phones, '1009', asterisk)];
    await does(bob, `ua.subscribe('1009', '${event}', '${type}', {}).subscribe()`);
    await bob.sip.expectReceived(new RegExp(`^NOTIFY [^]*Event: ${event}`));
    await carol.call('600');
    await carol.expectInCall('600');
    await bob.sip.expectReceived(new RegExp(`^NOTIFY [^]*${busy}`));
  });
}

test('text messages go from telephone to telephone, and come back from 600', async ({ phones, asterisk }) => {
  const [bob, carol] = [await signIn(phones, '1008', asterisk), await signIn(phones, '1009', asterisk)];
  await does(bob, `ua.sendMessage('1009', 'Coffee?')`);
  await carol.sip.expectReceived(/^MESSAGE [^]*From: [^\r]*1008[^]*\r\n\r\nCoffee\?/);
  await does(bob, `ua.sendMessage('600', 'Is anybody there?')`);
  await bob.sip.expectReceived(/^MESSAGE [^]*From: [^\r]*600@[^]*\r\n\r\nIs anybody there\?/);
  await does(bob, `ua.sendMessage('2404', 'Is anybody there?')`);
  await bob.sip.expectReceived(/^SIP\/2.0 404 [^]*CSeq: \d+ MESSAGE/);
});

test('everybody in the conference hears the others', async ({ phones, asterisk }) => {
  const [bob, carol] = [await signIn(phones, '1008', asterisk), await signIn(phones, '1009', asterisk)];
  await bob.call('604');
  await carol.call('604');
  await bob.expectInCall('604');
  await carol.expectInCall('604');
  await expectAudioBothWays(bob, carol);
});

test('a call says who called, who forwarded it, what belongs to it, and that it may be answered at once', async ({ phones, asterisk }) => {
  const bob = await signIn(phones, '1008', asterisk);
  const rung = async (number: string, header: RegExp) => {
    await asterisk.call(number, { name: 'Ada Lovelace', number: '1001' });
    await bob.expectIncoming('Ada Lovelace', '1001');
    await bob.sip.expectReceived(new RegExp(`^INVITE [^]*${header.source}`));
    await bob.decline();
    await bob.expectDialer();
    await expect.poll(() => asterisk.channels()).toEqual([]);
  };
  await rung('1008', /P-Asserted-Identity: "Ada Lovelace" <sip:1001@/);
  await rung('*901008', /Diversion: "Reception" <sip:1009@[^\r]*reason=user-busy/);
  await rung('*601008', /X-Campaign: Spring 2026\r\nX-Customer-Id: 4711/);
  await rung('*801008', /Call-Info: <sip:webphone.test>;answer-after=0/);
});
