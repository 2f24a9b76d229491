import { expect, test, withEachFarEnd } from '../support/fixtures';
import { expectAudioBothWays, expectSilenceBothWays, talk } from '../support/phone';

withEachFarEnd((far) => {
  test('hold silences both directions, and resume brings the sound back', { tag: ['@gate-each', '@firefox'] }, async ({ phones }) => {
    const alice = await phones.signIn('1001');
    const bob = await phones.signIn('1002', { kind: far });
    await talk(alice, bob);
    await expectAudioBothWays(alice, bob);
    await alice.hold();
    await expect(bob.shown(/^(1001|The other side) holds the call$/)).toBeVisible();
    await expectSilenceBothWays(alice, bob);
    await alice.resume();
    await expect(alice.shown('On hold')).toBeHidden();
    await expectAudioBothWays(alice, bob);
  });

  test('the other side holds the call, and takes it up again', { tag: '@gate' }, async ({ phones }) => {
    const alice = await phones.signIn('1001');
    const bob = await phones.signIn('1002', { kind: far });
    await talk(alice, bob);
    await expectAudioBothWays(alice, bob);
    await bob.hold();
    await expect(alice.shown('1002 holds the call')).toBeVisible();
    await alice.expectSays(/1002 holds the call/);
    await expectSilenceBothWays(bob, alice);
    await bob.resume();
    await expect(alice.shown('1002 holds the call')).toBeHidden();
    await expectAudioBothWays(alice, bob);
  });
});

test('both sides hold, and each takes only its own hold back', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await alice.hold();
  await bob.hold();
  await bob.resume();
  await expect(bob.shown('1001 holds the call')).toBeVisible();
  await alice.resume();
  await expectAudioBothWays(alice, bob);
});

test('mute survives hold', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await talk(alice, bob);
  await alice.setMuted(true);
  await alice.hold();
  await alice.resume();
  await expect(alice.muteButton).toHaveAttribute('aria-pressed', 'true');
  await bob.expectSilence();
  await alice.setMuted(false);
  await bob.expectHears();
});

/** Runs in the page before its own scripts: a microphone in a quiet room. */
function whisper(): void {
  navigator.mediaDevices.getUserMedia = async () => {
    const context = new AudioContext();
    const microphone = new MediaStreamAudioDestinationNode(context);
    const oscillator = new OscillatorNode(context);
    oscillator.connect(new GainNode(context, { gain: 0.005 })).connect(microphone);
    oscillator.start();
    return microphone.stream;
  };
}

test('who speaks into a muted microphone is told that nobody hears it', async ({ phones }) => {
  const alice = await phones.signIn('1001', { pitch: 440 });
  const bob = await phones.signIn('1002');
  const carol = await phones.signIn('1003', { before: whisper });
  await talk(alice, bob);
  await alice.setMuted(true);
  await alice.expectSays(/You are muted: nobody hears you/);
  await expect(alice.shown('You are muted: nobody hears you')).toBeVisible();
  await bob.expectHearsPitches([], [440]);
  await alice.setMuted(false);
  await expect(alice.shown(/You are muted/)).toBeHidden();
  await alice.hangUp();
  await bob.expectDialer();

  await talk(carol, bob);
  await carol.setMuted(true);
  await expect(carol.shown('You are muted')).toBeVisible();
  await bob.expectSilence();
  await expect(carol.shown(/nobody hears you/)).toBeHidden();
});

test('a call is held and resumed without a mouse', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await talk(alice, bob);
  await alice.holdButton.press('Enter');
  await expect(alice.resumeButton).toBeFocused();
  await alice.page.keyboard.press('Space');
  await expect(alice.holdButton).toBeFocused();
  await expectAudioBothWays(alice, bob);
});
