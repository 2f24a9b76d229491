import { expect, test } from '../support/fixtures';
import { expectAudioBothWays, talk } from '../support/phone';

// Our page with Asterisk as its PBX.

for (const [extension, offered] of [['1001', 'SHA-256 and MD5'], ['1005', 'SHA-256 alone']]) {
  test(`a page signs in with SHA-256 where Asterisk offers ${offered}`, { tag: extension === '1001' ? '@gate' : [] }, async ({ phones, asterisk }) => {
    const alice = await phones.signIn(extension, { server: asterisk });
    expect(await asterisk.contacts(extension)).toHaveLength(1);
    expect(alice.sip.sent(/^REGISTER [^]*\r\nAuthorization: Digest [^\r]*algorithm="?SHA-256/)).not.toEqual([]);
    await alice.signOut();
    await expect.poll(() => asterisk.contacts(extension), 'the contact should be gone').toEqual([]);
  });
}

test('a page signs in where Asterisk knows MD5 alone', async ({ phones, asterisk }) => {
  const alice = await phones.signIn('1009', { server: asterisk });
  expect(alice.sip.sent(/^REGISTER [^]*\r\nAuthorization: Digest [^\r]*algorithm="?MD5/)).not.toEqual([]);
});

test('the echo is heard', { tag: '@gate' }, async ({ phones, asterisk }) => {
  const alice = await phones.signIn('1001', { server: asterisk });
  await alice.call('600');
  await alice.expectInCall('600');
  await alice.expectHears();
  await alice.setMuted(true);
  await alice.expectSilence();
  await alice.setMuted(false);
  await alice.expectHears();
  await alice.hangUp();
  await alice.expectDialer();
});

for (const [number, what] of [['601', 'an announcement'], ['602', 'music on hold']]) {
  test(`${what} is heard`, async ({ phones, asterisk }) => {
    const alice = await phones.signIn('1001', { server: asterisk });
    await alice.call(number);
    await alice.expectInCall(number);
    await alice.expectHears();
  });
}

test('an announcement is heard before the call is answered, and the call goes on', async ({ phones, asterisk }) => {
  const alice = await phones.signIn('1001', { server: asterisk });
  await alice.call('610');
  await alice.sip.expectReceived(/^SIP\/2.0 183 [^]*\r\n\r\nv=0/);
  await alice.expectHears();
  await expect(alice.timer, 'nobody has answered yet').toBeHidden();
  expect(alice.sip.received(/^SIP\/2.0 200 [^]*CSeq: \d+ INVITE/)).toEqual([]);
  await alice.hangUp();
  await alice.expectDialer();
});

test('an announcement in the place of an answer is heard, then the reason is said', async ({ phones, asterisk }) => {
  const alice = await phones.signIn('1001', { server: asterisk });
  await alice.call('611');
  await alice.expectHears();
  await alice.expectSays(/(not found|no such|exist|unknown|not known|nobody)/i);
  await alice.expectDialer();
});

const outcomes = {
  busy: { number: '2486', code: 486, says: /busy/i },
  'no answer': { number: '2408', code: 408, says: /(no|not|n[’']t|un|nobody|no one) ?answer/i },
  congestion: { number: '2503', code: 503, says: /server/i },
  'not found': { number: '2404', code: 404, says: /(not found|no such|exist|unknown|not known|nobody)/i },
  'not available': { number: '1007', code: 480, says: /(unavailable|not available|offline|not (registered|connected|signed in)|reach)/i },
  forbidden: { number: '2403', code: 403, says: /(forbid|not allowed|not permitted|may not|refus)/i },
  declined: { number: '2603', code: 603, says: /(declin|reject)/i },
};

for (const [name, { number, code, says }] of Object.entries(outcomes)) {
  test(`the notice says "${name}", then the dialer is back`, { tag: name === 'busy' ? '@gate' : [] }, async ({ phones, asterisk }) => {
    const alice = await phones.signIn('1001', { server: asterisk });
    await alice.call(number);
    await alice.expectSays(says);
    await alice.expectDialer();
    expect(alice.sip.received(new RegExp(`^SIP/2.0 ${code} [^]*CSeq: \\d+ INVITE`))).toHaveLength(1);
  });
}

test('Asterisk calls, is answered and heard, and hangs up', { tag: '@gate' }, async ({ phones, asterisk }) => {
  const alice = await phones.signIn('1001', { server: asterisk });
  await asterisk.call('1001', { name: 'Reception', number: '1009', to: '615' });
  await alice.expectIncoming('Reception', '1009');
  await alice.answer();
  await alice.expectInCall('Reception');
  await alice.expectHears();
  await alice.expectDialer();
  await expect.poll(() => asterisk.channels(), 'Asterisk should have no call').toEqual([]);
});

test('two pages talk through Asterisk, and either side can hang up', { tag: '@gate' }, async ({ phones, asterisk }) => {
  const alice = await phones.signIn('1001', { server: asterisk });
  const bob = await phones.signIn('1002', { server: asterisk });
  await talk(alice, bob);
  await expectAudioBothWays(alice, bob);
  await bob.hangUp();
  await alice.expectDialer();
  await talk(bob, alice);
  await expectAudioBothWays(alice, bob);
  await bob.hangUp();
  await alice.expectDialer();
});

test('a page talks with JsSIP through Asterisk', async ({ phones, asterisk }) => {
  const alice = await phones.signIn('1001', { server: asterisk });
  const bob = await phones.signIn('1009', { server: asterisk, kind: 'jssip' });
  await talk(alice, bob);
  await expectAudioBothWays(alice, bob);
  await bob.hangUp();
  await alice.expectDialer();
});

test('a long call is refreshed by session timers', async ({ phones, asterisk }) => {
  test.setTimeout(180_000); // The shortest interval allowed is 90 s, and it is refreshed after half of it.
  const alice = await phones.signIn('1004', { server: asterisk });
  await asterisk.call('1004', { to: '600' });
  await alice.expectIncoming('601');
  await alice.answer();
  await alice.sip.expectReceived(/^INVITE [^]*Session-Expires: ?90/);
  await alice.sip.expectSent(/^SIP\/2.0 200 [^]*Session-Expires: ?90;refresher=/);
  const refresh = /^(UPDATE|INVITE) [^]*To: [^\r]*;tag=/;
  await expect
    .poll(() => [...alice.sip.sent(refresh), ...alice.sip.received(refresh)].length, { timeout: 60_000, message: 'the call should be refreshed' })
    .toBeGreaterThan(0);
  await alice.expectHears();
});
