import { connectionSheet, expectHealed, expectWarning, figure, numbers, openConnection, closeSheet, signal } from '../support/connection';
import { Detour } from '../support/detour';
import { expect, test, type Phones } from '../support/fixtures';
import { expectAudioBothWays, talk } from '../support/phone';

/** Runs in the page before its own scripts: a microphone that is switched off, so that it gives digital silence. */
function deadMicrophone(): void {
  navigator.mediaDevices.getUserMedia = async () => {
    const context = new AudioContext();
    const microphone = new MediaStreamAudioDestinationNode(context);
    // Zeros that flow, as of a switch on the headset; without a source no packet would leave.
    const zeros = new ConstantSourceNode(context, { offset: 0 });
    zeros.connect(microphone);
    zeros.start();
    return microphone.stream;
  };
}

/** Runs in the page before its own scripts: a telephone that never sends a packet. */
function sendsNothing(): void {
  RTCRtpSender.prototype.replaceTrack = async () => {};
}

/** Two who hear each other by a way that the test can make worse, for tests that wait for that to be told. */
async function talkByDetour(phones: Phones) {
  const alice = await phones.signIn('1001', { pitch: 400 });
  const bob = await phones.signIn('1002', { pitch: 600 });
  const detour = await Detour.between(alice, bob);
  await talk(alice, bob);
  await expectAudioBothWays(alice, bob);
  return { alice, bob, detour };
}

test('a clean call is good, and the history keeps how it was', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await expectAudioBothWays(alice, bob);
  await expect(signal(alice)).toHaveAccessibleName(/^Connection: Good\. Encrypted$/);
  await expect(signal(bob)).toHaveAccessibleName(/^Connection: Good\./);
  await openConnection(alice);
  await expect(connectionSheet(alice)).toContainText('Good');
  await expect.poll(async () => (await numbers(alice, 'Sound'))[0], { message: 'the mean opinion score' }).toBeGreaterThan(4);
  expect(await figure(alice, 'Codec')).toBe('opus, 48 kHz');
  expect(await figure(alice, 'Way')).toBe('Direct, UDP');
  expect((await numbers(alice, 'Lost'))[0]).toBe(0);
  await expect.poll(() => numbers(alice, 'Bit rate'), { message: 'both ways' })
    .toEqual([expect.closeTo(40, -1.7), expect.closeTo(40, -1.7)]);
  await closeSheet(alice);
  await alice.hangUp();
  await alice.expectDialer();
  await alice.historyTab.click();
  await alice.rows.first().getByRole('button', { name: 'Connection' }).click();
  await expect(connectionSheet(alice)).toBeVisible();
  const [average, , worst] = await numbers(alice, 'Sound');
  expect(average).toBeGreaterThan(4);
  expect(worst).toBeGreaterThan(1);
  expect(await figure(alice, 'Codec')).toBe('opus, 48 kHz');
  expect(await figure(alice, 'Way')).toBe('Direct');
  expect(await figure(alice, 'Encryption')).toBe('Encrypted');
  await closeSheet(alice);
  // It is kept.
  await alice.reload();
  await alice.historyTab.click();
  await alice.rows.first().getByRole('button', { name: 'Connection' }).click();
  expect((await numbers(alice, 'Sound'))[0]).toBe(average);
});

test('packets that are lost are counted, told at both ends, and forgotten when they come again', async ({ phones }) => {
  const { alice, bob, detour } = await talkByDetour(phones);
  await expect(signal(alice)).toHaveAccessibleName(/Good/);
  detour.loss = [0.2, 0];
  await expectWarning(alice, /The sound of 1002 has gaps\. Go nearer to your router/);
  await expectWarning(bob, /1001 hears you with gaps/);
  await expect(signal(alice)).toHaveAccessibleName(/Bad|Poor/);
  await openConnection(alice);
  await expect.poll(async () => (await numbers(alice, 'Lost'))[0]).toBeGreaterThan(15);
  expect((await numbers(alice, 'Lost'))[0]).toBeLessThan(25);
  await closeSheet(alice);
  detour.loss = [0, 0];
  await expectHealed(alice, /has gaps/);
  await expectHealed(bob, /with gaps/);
  await expect(signal(alice)).toHaveAccessibleName(/Good/);
  detour.close();
});

test('a long way and an uneven one are told apart', async ({ phones }) => {
  const { alice, detour } = await talkByDetour(phones);
  detour.bunches = 200;
  await expectWarning(alice, /The sound of 1002 arrives unevenly/);
  detour.bunches = 0;
  await expectHealed(alice, /unevenly/);
  detour.delay = 260;
  await expectWarning(alice, /1002 hears you late/);
  await openConnection(alice);
  expect((await numbers(alice, 'There and back'))[0]).toBeGreaterThan(500);
  detour.close();
});

test('a way that is interrupted is told, and is forgotten when it is there again', async ({ phones }) => {
  const { alice, bob, detour } = await talkByDetour(phones);
  detour.closed = true;
  await expectWarning(alice, /You and 1002 do not hear each other/);
  await expect(signal(alice)).toHaveAccessibleName(/No sound/);
  detour.closed = false;
  await expectHealed(alice, /do not hear each other/);
  await expectAudioBothWays(alice, bob);
  detour.close();
});

test('a microphone that gives no sound is told to whoever is not heard', async ({ phones }) => {
  const alice = await phones.signIn('1001', { before: deadMicrophone });
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await alice.expectHears();
  await expectWarning(alice, /1002 cannot hear you: your microphone gives no sound\. Check its switch/);
  await expectWarning(bob, /Nothing is heard of 1001\. Perhaps the other side is muted/);
  // Whoever is muted knows it.
  await alice.setMuted(true);
  await expectHealed(alice, /your microphone gives no sound/);
  await expect(alice.shown('You are muted')).toBeVisible();
});

test('a far end that never sends is told apart from one that falls silent', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { before: sendsNothing });
  const carol = await phones.signIn('1003', { kind: 'jssip' });
  await talk(alice, bob);
  await expectWarning(alice, /You cannot hear 1002: no sound arrives/);
  await expectWarning(bob, /1001 cannot hear you: no sound leaves this device/);
  await alice.hangUp();
  await alice.expectDialer();
  await talk(alice, carol);
  await alice.expectHears();
  await carol.page.evaluate(() => window.ears.hush());
  await expectWarning(alice, /Nothing is heard of 1003/);
  await expect(alice.notice(/You cannot hear/)).toHaveCount(0);
});

test('a call on hold is silent without a warning', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await expectAudioBothWays(alice, bob);
  await alice.hold();
  const before = await alice.timerSeconds();
  await expect.poll(() => alice.timerSeconds(), { timeout: 30_000 }).toBeGreaterThan(before + 16);
  await expect(alice.notice(/Nothing is heard|cannot hear/)).toHaveCount(0);
  await expect(bob.notice(/Nothing is heard|cannot hear/)).toHaveCount(0);
  await alice.resume();
  await expectAudioBothWays(alice, bob);
  await expect(signal(alice)).toHaveAccessibleName(/Good/);
});
