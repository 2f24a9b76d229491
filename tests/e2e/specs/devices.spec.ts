import { computer, computerWith } from '../support/computer';
import { expect, test, type Phones } from '../support/fixtures';
import { talk, type Phone } from '../support/phone';
import { SoundSheet } from '../support/sound-sheet';

const [desk, headset, bobHums, carolHums] = [400, 900, 600, 1300];
const office = computerWith({ microphones: { Desk: desk, Headset: headset }, speakers: ['Loudspeaker', 'Headset'] });

async function twoWhoTalk(phones: Phones): Promise<{ alice: Phone; bob: Phone; sheet: SoundSheet }> {
  const alice = await phones.signIn('1001', { before: office });
  const bob = await phones.signIn('1002', { kind: 'jssip', pitch: bobHums });
  await talk(alice, bob);
  await bob.expectHearsPitches([desk], [headset]);
  return { alice, bob, sheet: new SoundSheet(alice) };
}

test('another microphone is heard in a call, without a gap and without a new description', async ({ phones }) => {
  const { alice, bob, sheet } = await twoWhoTalk(phones);
  const invites = alice.sip.sent(/^INVITE /).length;
  await sheet.openInCall();
  await expect(sheet.microphone.locator('option')).toHaveText(['System default', 'Desk', 'Headset']);
  const opening = 1.5;
  await computer(alice.page, (computer, delay) => (computer.delay = delay), opening * 1000);
  await bob.page.evaluate(() => window.ears.beginToLookForSilence());
  await sheet.microphone.selectOption('Headset');
  await bob.expectHearsPitches([headset], [desk]);
  const silence = await bob.page.evaluate(() => window.ears.longestSilence());
  expect(silence, 'nothing should be missing while the other microphone opens').toBeLessThan(opening / 2);
  expect(await computer(alice.page, (computer) => computer.open())).toEqual(['Headset']);
  expect(alice.sip.sent(/^INVITE /)).toHaveLength(invites);
  await sheet.close();
  await alice.hangUp();
  await alice.expectDialer();
  await expect.poll(() => computer(alice.page, (computer) => computer.open()), 'the microphone should be let go of').toEqual([]);
});

test('mute and hold outlast the change of the microphone', async ({ phones }) => {
  const { alice, bob, sheet } = await twoWhoTalk(phones);
  await alice.setMuted(true);
  await sheet.openInCall();
  await sheet.microphone.selectOption('Headset');
  await expect.poll(() => computer(alice.page, (computer) => computer.open())).toEqual(['Headset']);
  await sheet.close();
  await bob.expectHearsPitches([], [desk, headset]);
  await expect(alice.shown(/nobody hears you/i), 'who speaks into the new one is told so').toBeVisible();
  await alice.setMuted(false);
  await bob.expectHearsPitches([headset], [desk]);
  await alice.hold();
  await sheet.openInCall();
  await sheet.microphone.selectOption('Desk');
  await expect.poll(() => computer(alice.page, (computer) => computer.open())).toEqual(['Desk']);
  await sheet.close();
  await bob.expectHearsPitches([], [desk, headset]);
  await alice.resume();
  await bob.expectHearsPitches([desk], [headset]);
});

test('a conference hears the other microphone, and goes on hearing each other', async ({ phones }) => {
  const { alice, bob, sheet } = await twoWhoTalk(phones);
  const carol = await phones.signIn('1003', { kind: 'jssip', pitch: carolHums });
  await alice.addCall('1003');
  await carol.answer();
  await alice.expectInCall('1003');
  await alice.conferenceButton.click();
  await bob.expectHearsPitches([desk, carolHums]);
  await sheet.openInCall();
  await sheet.microphone.selectOption('Headset');
  await sheet.close();
  await bob.expectHearsPitches([headset, carolHums], [desk, bobHums]);
  await carol.expectHearsPitches([headset, bobHums], [desk, carolHums]);
  await alice.splitButton.click();
  await carol.expectHearsPitches([headset], [desk, bobHums]);
});

test('an unplugged microphone gives its place to another, which is said, and takes it back', { tag: '@gate' }, async ({ phones }) => {
  const { alice, bob, sheet } = await twoWhoTalk(phones);
  await sheet.openInCall();
  await sheet.microphone.selectOption('Headset');
  await bob.expectHearsPitches([headset], [desk]);
  await computer(alice.page, (computer) => computer.unplug('Headset'));
  await bob.expectHearsPitches([desk], [headset]);
  await expect(sheet.microphone.locator('option')).toHaveText(['System default', 'Desk', 'Headset (not connected)']);
  await expect(sheet.microphone).toHaveValue(/Headset/);
  await sheet.close();
  await alice.expectSays(/“Headset” is not connected/);
  await computer(alice.page, (computer) => computer.plug('Headset', 900));
  await bob.expectHearsPitches([headset], [desk]);
  await alice.expectSays(/“Headset” is connected again/);
});

test('a microphone that the system takes away is opened again, and one that it silences', async ({ phones }) => {
  const { alice, bob } = await twoWhoTalk(phones);
  const opened = () => computer(alice.page, (computer) => computer.asked.length);
  await computer(alice.page, (computer) => computer.end());
  await expect.poll(opened).toBe(2);
  await bob.expectHearsPitches([desk]);
  await computer(alice.page, (computer) => computer.silence());
  await expect.poll(opened).toBe(3);
  await bob.expectHearsPitches([desk]);
});

test('devices that come together are asked for once, and are offered at once', async ({ phones }) => {
  const { alice, sheet } = await twoWhoTalk(phones);
  await sheet.openInCall();
  await expect(sheet.speaker.locator('option')).toHaveText(['System default', 'Loudspeaker', 'Headset']);
  const before = await computer(alice.page, (computer) => computer.listed);
  await computer(alice.page, (computer) => {
    computer.plug('Camera microphone', 500);
    computer.plugSpeaker('Screen');
    computer.plugSpeaker('Dock');
  });
  await expect(sheet.microphone.locator('option')).toContainText(['Camera microphone']);
  await expect(sheet.speaker.locator('option')).toHaveText(['System default', 'Loudspeaker', 'Headset', 'Screen', 'Dock']);
  expect(await computer(alice.page, (computer) => computer.listed)).toBe(before + 1);
});

test('calls are heard on the speaker, and it rings on the ringer', async ({ phones }) => {
  const alice = await phones.signIn('1001', { before: office });
  const bob = await phones.signIn('1002', { kind: 'jssip', pitch: bobHums });
  const sheet = new SoundSheet(alice);
  const soundOn = (label: string) => alice.page.evaluate((label) => window.ears.soundOn(label), label);
  await sheet.openInSettings();
  await sheet.allow.click();
  await sheet.speaker.selectOption('Headset');
  await sheet.ringer.selectOption('Loudspeaker');
  await sheet.testSpeaker.click();
  await expect.poll(() => soundOn('Headset'), { message: 'the test tone', intervals: [30] }).toBeGreaterThan(0.05);
  await sheet.close();
  await bob.call('1001');
  await alice.expectIncoming('1002');
  // The test tone may not be over yet.
  const rings = async () => (await soundOn('Loudspeaker')) > 0.05 && (await soundOn('Headset')) < 0.001;
  await expect.poll(rings, { message: 'it should ring on the ringer alone', intervals: [50] }).toBe(true);
  await alice.answer();
  await alice.expectInCall('1002');
  await expect.poll(() => soundOn('Headset'), 'the call should be heard there').toBeGreaterThan(0.05);
  await expect.poll(() => soundOn('Loudspeaker'), 'it should ring no more').toBeLessThan(0.001);
  await computer(alice.page, (computer) => computer.unplug('Headset'));
  await alice.expectSays(/“Headset” is not connected/);
  await expect.poll(() => soundOn(''), 'the call should be heard on the own device of the system').toBeGreaterThan(0.05);
});

test('the choice lasts over a reload, also where the browser has given the devices other ids', async ({ phones }) => {
  const alice = await phones.signIn('1001', { before: office });
  const sheet = new SoundSheet(alice);
  await sheet.openInSettings();
  await sheet.allow.click();
  await sheet.microphone.selectOption('Headset');
  await sheet.ringer.selectOption('Loudspeaker');
  await sheet.switch('Noise suppression').uncheck();
  await alice.page.evaluate(() => (localStorage.salt = 'other'));
  await alice.reload();
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await alice.call('1002');
  await bob.answer();
  await bob.expectHearsPitches([headset], [desk]);
  expect(await computer(alice.page, (computer) => computer.open())).toEqual(['Headset']);
  expect(await computer(alice.page, (computer) => computer.settings().noiseSuppression)).toBe(false);
  await sheet.openInCall();
  await expect(sheet.microphone).toHaveValue('Headset-other');
  await expect(sheet.ringer).toHaveValue('Loudspeaker-other');
  await expect(sheet.switch('Noise suppression')).not.toBeChecked();
});

test('the switches reach the microphone of a running call, if need be by opening it again', async ({ phones }) => {
  const { alice, bob, sheet } = await twoWhoTalk(phones);
  const settings = () => computer(alice.page, (computer) => computer.settings());
  const opened = () => computer(alice.page, (computer) => computer.asked.length);
  expect(await settings()).toMatchObject({ echoCancellation: true, noiseSuppression: true, autoGainControl: true });
  await sheet.openInCall();
  await sheet.switch('Echo cancellation').uncheck();
  await expect.poll(settings).toMatchObject({ echoCancellation: false, noiseSuppression: true });
  expect(await opened()).toBe(1);
  await computer(alice.page, (computer) => (computer.stubborn = true));
  await sheet.switch('Automatic volume').uncheck();
  await expect.poll(opened).toBe(2);
  expect(await settings()).toMatchObject({ echoCancellation: false, noiseSuppression: true, autoGainControl: false });
  await bob.expectHearsPitches([desk]);
});

test('the switches reach a real microphone', async ({ phones }) => {
  const spy = () => {
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      const stream = await open(wanted);
      Object.assign(window, { lastTrack: stream.getAudioTracks()[0] });
      return stream;
    };
  };
  const alice = await phones.signIn('1001', { before: spy });
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await talk(alice, bob);
  const settings = () => alice.page.evaluate(() => (window as unknown as { lastTrack: MediaStreamTrack }).lastTrack.getSettings());
  const sheet = new SoundSheet(alice);
  await sheet.openInCall();
  await sheet.switch('Echo cancellation').uncheck();
  await expect.poll(settings).toMatchObject({ echoCancellation: false });
  await sheet.switch('Noise suppression').uncheck();
  await expect.poll(settings).toMatchObject({ echoCancellation: false, noiseSuppression: false });
  await sheet.expectVoice();
  await bob.expectHears();
});
