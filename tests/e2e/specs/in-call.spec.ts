import { expect, test } from '../support/fixtures';
import { oneCallOnly } from '../support/ears';
import { expectAudioBothWays, talk } from '../support/phone';

test('with one call at a time, a second one is answered 486 and does not disturb', async ({ phones }) => {
  const alice = await phones.signIn('1001', { before: oneCallOnly });
  const bob = await phones.signIn('1002');
  const carol = await phones.signIn('1003', { kind: 'jssip' });
  await talk(alice, bob);
  await carol.call('1001');
  await carol.sip.expectReceived(/^SIP\/2.0 486 /);
  await carol.expectDialer();
  await expect(alice.incoming).toBeHidden();
  await expect(alice.addCallButton).toBeHidden();
  await alice.expectInCall('1002');
  await expectAudioBothWays(alice, bob);
});

test('mute stops the sound that leaves, and unmuting starts it again', { tag: ['@gate', '@firefox'] }, async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await expect(alice.muteButton).toHaveAttribute('aria-pressed', 'false');
  await expectAudioBothWays(alice, bob);
  await alice.setMuted(true);
  await bob.expectSilence();
  await alice.expectHears();
  await alice.setMuted(false);
  await bob.expectHears();
});

test('the next call does not start muted', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await alice.setMuted(true);
  await bob.hangUp();
  await alice.expectDialer();
  await talk(alice, bob);
  await expect(alice.muteButton).toHaveAttribute('aria-pressed', 'false');
  await bob.expectHears();
});
