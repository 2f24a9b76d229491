import { expect, test } from '../support/fixtures';
import { does, expectMusic, expectTalk, signInAt } from '../support/pbx';
import { talk } from '../support/phone';

// Hold through Asterisk, which plays music to who is held.

test('who is held hears music, and after it both hear each other', { tag: '@gate' }, async ({ phones, asterisk }) => {
  const [alice, bob] = [await signInAt(phones, asterisk, '1001'), await signInAt(phones, asterisk, '1009', { kind: 'jssip' })];
  await talk(alice, bob);
  await expectTalk(alice, bob);
  await alice.setMuted(true);
  await expectMusic(bob, () => alice.hold());
  await alice.resume();
  await expect(alice.muteButton, 'mute survives the hold').toHaveAttribute('aria-pressed', 'true');
  await bob.expectSilence();
  await alice.setMuted(false);
  await expectTalk(alice, bob);
});

test('music is heard where the other side holds the call', async ({ phones, asterisk }) => {
  const [alice, bob] = [await signInAt(phones, asterisk, '1001'), await signInAt(phones, asterisk, '1009', { kind: 'jssip' })];
  await talk(bob, alice);
  await expectTalk(alice, bob);
  await does(bob, 'call.mute()');
  await expectMusic(alice, () => does(bob, 'call.hold()'));
  await does(bob, 'call.unhold()');
  await alice.expectSilence();
  await does(bob, 'call.unmute()');
  await expectTalk(alice, bob);
});

test('who is told so says that the other side holds the call', async ({ phones, asterisk }) => {
  // Asterisk passes the hold on to 1005 (moh_passthrough).
  const [alice, bob] = [await signInAt(phones, asterisk, '1005'), await signInAt(phones, asterisk, '1009', { kind: 'jssip' })];
  await talk(alice, bob);
  await expectTalk(alice, bob);
  await does(bob, 'call.hold()');
  await expect(alice.shown(/1009.* holds the call/)).toBeVisible();
  await does(bob, 'call.unhold()');
  await expect(alice.shown(/holds the call/)).toBeHidden();
  await expectTalk(alice, bob);
});

test('the telephone network is held, and hears music', async ({ phones, asterisk, plainPeer }) => {
  const alice = await signInAt(phones, asterisk, '1001');
  await alice.call(plainPeer.answering);
  await alice.expectInCall(plainPeer.answering);
  await Promise.all([alice.expectHears(), plainPeer.expectHears()]);
  await alice.setMuted(true);
  await plainPeer.expectSilence();
  await alice.hold();
  await plainPeer.expectHears();
  await alice.resume();
  await plainPeer.expectSilence();
  await alice.setMuted(false);
  await Promise.all([alice.expectHears(), plainPeer.expectHears()]);
});
