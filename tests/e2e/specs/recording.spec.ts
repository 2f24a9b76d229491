import { computerWith } from '../support/computer';
import { expect, test } from '../support/fixtures';
import { loud, noon, talk, type Phone } from '../support/phone';
import {
  consentSheet, moreButton, pressRecord, record, recordButton, recordFor, recordedSeconds, recordedTime, recordings, recordingsSheet, saved, saveButton, stopButton,
} from '../support/recordings';
import { SoundSheet } from '../support/sound-sheet';

const [aliceHums, bobHums, carolHums, beep] = [400, 700, 1100, 1400];

const setPolicy = (content: string) => `
  addEventListener('DOMContentLoaded', () => {
    document.querySelector('meta[name="webphone-recording"]').setAttribute('content', '${content}');
  });`;
const ask = new Function(setPolicy('ask')) as () => void;
const off = new Function(setPolicy('off')) as () => void;

/** Listens for the loudest that a pitch becomes in what arrives, however short it sounds. */
async function listenFor(phone: Phone, pitch: number): Promise<() => Promise<number>> {
  await phone.page.evaluate((pitch) => {
    const heard = window as unknown as { loudest: number };
    heard.loudest = -200;
    setInterval(() => (heard.loudest = Math.max(heard.loudest, window.ears.level(pitch))), 20);
  }, pitch);
  return () =>
    phone.page.evaluate(() => {
      const heard = window as unknown as { loudest: number };
      const { loudest } = heard;
      heard.loudest = -200;
      return loudest;
    });
}

async function saveOffered(phone: Phone) {
  await expect(phone.shown(/The recording of the call with .* is in the history/)).toBeVisible();
  return saved(phone, () => saveButton(phone).click());
}

test('both sides are in the saved file, and nothing of ours while we are muted', { tag: '@alone' }, async ({ phones }) => {
  const alice = await phones.signIn('1001', { pitch: aliceHums });
  const bob = await phones.signIn('1002', { pitch: bobHums });
  await talk(alice, bob);
  await bob.expectHearsPitches([aliceHums]);
  await alice.expectHearsPitches([bobHums]);
  await record(alice);
  await moreButton(alice).click();
  await expect(recordButton(alice)).toHaveAttribute('aria-pressed', 'true');
  await alice.page.keyboard.press('Escape');
  await recordFor(alice, 3);
  await alice.setMuted(true);
  const muted = await recordedSeconds(alice);
  await recordFor(alice, muted + 3);
  await alice.setMuted(false);
  await recordFor(alice, muted + 6);
  await stopButton(alice).click();
  const { name, sound } = await saveOffered(alice);
  expect(name).toMatch(/^\d{4}-\d\d-\d\d \d\d\.\d\d 1002\.(webm|ogg)$/);
  await expect(alice.shown(/is in the history/), 'it is put away').toBeHidden();
  expect(sound.seconds).toBeGreaterThan(8);
  const [ours, theirs] = [sound.presence(aliceHums), sound.presence(bobHums)];
  expect(theirs.heard, 'the other side all the time').toBeGreaterThan(sound.seconds - 1.5);
  expect(ours.heard, 'we before and after').toBeGreaterThan(4);
  expect(ours.absent, 'and not while muted').toBeGreaterThan(2);
  expect(ours.absent).toBeLessThan(4.5);
  await alice.expectHearsPitches([bobHums]);
  await bob.expectHearsPitches([aliceHums]);
});

test('the other side hears a tone at the beginning and at the end, and so does the recording', async ({ phones }) => {
  const alice = await phones.signIn('1001', { pitch: aliceHums });
  const bob = await phones.signIn('1002', { pitch: bobHums });
  await talk(alice, bob);
  await bob.expectHearsPitches([aliceHums]);
  const loudest = await listenFor(bob, beep);
  expect(await loudest(), 'nothing is recorded yet').toBeLessThan(loud - 20);
  await alice.setMuted(true);
  await record(alice);
  await expect.poll(loudest, 'Bob should hear the first tone, though Alice is muted').toBeGreaterThan(loud);
  await alice.setMuted(false);
  await bob.expectHearsPitches([aliceHums]);
  await recordFor(alice, 3);
  await loudest();
  await stopButton(alice).click();
  await expect.poll(loudest, 'and the last').toBeGreaterThan(loud);
  const { sound } = await saveOffered(alice);
  const levels = sound.levels(beep);
  const half = Math.floor(levels.length / 2);
  expect(Math.max(...levels.slice(0, half)), 'the first tone').toBeGreaterThan(-35);
  expect(Math.max(...levels.slice(half)), 'the last tone').toBeGreaterThan(-35);
  expect(sound.presence(beep).heard, 'they are short').toBeLessThan(1.5);
  await bob.expectHearsPitches([aliceHums]);
});

test('where the policy has no tone, the other side hears none', async ({ phones }) => {
  const alice = await phones.signIn('1001', { pitch: aliceHums, before: ask });
  const bob = await phones.signIn('1002', { pitch: bobHums });
  await talk(alice, bob);
  await bob.expectHearsPitches([aliceHums]);
  const loudest = await listenFor(bob, beep);
  await record(alice);
  await recordFor(alice, 3);
  await stopButton(alice).click();
  const { sound } = await saveOffered(alice);
  expect(await loudest()).toBeLessThan(loud - 20);
  expect(Math.max(...sound.levels(beep))).toBeLessThan(-55);
  expect(sound.presence(bobHums).heard).toBeGreaterThan(1.5);
});

test('nothing is recorded unless everyone agrees', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await pressRecord(alice);
  await expect(consentSheet(alice)).toContainText('record only if everyone agrees');
  await consentSheet(alice).getByRole('button', { name: 'Cancel' }).click();
  await expect(consentSheet(alice)).toBeHidden();
  await pressRecord(alice);
  await alice.page.keyboard.press('5');
  await alice.page.keyboard.press('Escape');
  await expect(consentSheet(alice)).toBeHidden();
  await moreButton(alice).click();
  await expect(recordButton(alice)).toHaveAttribute('aria-pressed', 'false');
  await alice.page.keyboard.press('Escape');
  await expect(recordedTime(alice)).toBeHidden();
  await alice.hangUp();
  await alice.expectDialer();
  await alice.historyTab.click();
  await expect(alice.rows).toHaveCount(1);
  await expect(alice.page.getByRole('button', { name: 'Recordings' })).toBeHidden();
  expect(await alice.page.evaluate(() => window.ears.keysSent()), 'keys typed into the question').toBe('');
});

test('where whoever hosts the page wants none, recording is not offered', async ({ phones }) => {
  const alice = await phones.signIn('1001', { before: off });
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await expect(alice.muteButton).toBeVisible();
  if (await moreButton(alice).isVisible()) await moreButton(alice).click();
  await expect(recordButton(alice)).toBeHidden();
});

for (const way of ['closed', 'loaded anew'] as const) {
  test(`of a recording in the middle of which the page is ${way}, nothing but the last second is lost`, async ({ phones }) => {
    const alice = await phones.signIn('1001', { pitch: aliceHums });
    const bob = await phones.signIn('1002', { pitch: bobHums });
    await talk(alice, bob);
    await alice.expectHearsPitches([bobHums]);
    await record(alice);
    await recordFor(alice, 5);
    let again = alice;
    if (way === 'closed') {
      const context = alice.page.context();
      await alice.page.close();
      again = await phones.openIn(context, '1001');
    } else {
      await alice.page.reload();
    }
    await expect(again.shown('A recording of the call with 1002 was kept, up to when the page closed.')).toBeVisible();
    const { sound } = await saved(again, () => saveButton(again).click());
    expect(sound.seconds).toBeGreaterThan(3.5);
    expect(sound.presence(bobHums).heard).toBeGreaterThan(2.5);
    expect(sound.presence(aliceHums).heard).toBeGreaterThan(2.5);
    await expect(again.shown(/was kept/)).toBeHidden();
    await again.reload();
    await again.historyTab.click();
    // A page that is killed without a word leaves no call in the history, but the recording all the same.
    const where = way === 'closed' ? again.page.getByRole('main') : again.rows;
    await where.getByRole('button', { name: 'Recordings' }).first().click();
    await expect(recordings(again)).toHaveCount(1);
    await expect(again.shown(/was kept/), 'and is not told of again').toBeHidden();
  });
}

test('a recording that another page is making is neither offered nor touched', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await record(alice);
  await recordFor(alice, 2);
  const other = await phones.openIn(alice.page.context(), '1001');
  await other.expectSays(/^In another tab/);
  await expect(other.shown(/was kept/)).toBeHidden();
  await stopButton(alice).click();
  await expect(alice.shown(/is in the history/)).toBeVisible();
});

test('a recording goes on through hold and conference, with all who are heard', { tag: '@alone' }, async ({ phones }) => {
  test.slow();
  const alice = await phones.signIn('1001', { pitch: aliceHums });
  const bob = await phones.signIn('1002', { pitch: bobHums });
  const carol = await phones.signIn('1003', { pitch: carolHums });
  await talk(alice, bob);
  await alice.expectHearsPitches([bobHums]);
  await record(alice);
  await recordFor(alice, 3);
  await alice.addCall('1003');
  await carol.answer();
  await alice.expectInCall('1003');
  await carol.expectHearsPitches([aliceHums], [bobHums]);
  const held = await recordedSeconds(alice);
  await recordFor(alice, held + 3);
  await alice.conferenceButton.click();
  await expect(alice.shown('You are recording. Tell 1003, or stop the recording.')).toBeVisible();
  await Promise.all([
    alice.expectHearsPitches([bobHums, carolHums]),
    bob.expectHearsPitches([aliceHums, carolHums], [bobHums]),
    carol.expectHearsPitches([aliceHums, bobHums], [carolHums]),
  ]);
  const joined = await recordedSeconds(alice);
  await recordFor(alice, joined + 3);
  await bob.hangUp();
  await alice.expectInCall('1003');
  const parted = await recordedSeconds(alice);
  await recordFor(alice, parted + 3);
  await alice.hangUp();
  const { name, sound } = await saveOffered(alice);
  expect(name).toContain('1002 1003');
  const [alices, bobs, carols] = [aliceHums, bobHums, carolHums].map((pitch) => sound.presence(pitch));
  expect(carols.heard, 'Carol in the conference, and alone').toBeGreaterThan(4.5);
  expect(carols.absent, 'and not in her own call before').toBeGreaterThan(4.5);
  expect(bobs.heard, 'Bob before and in the conference').toBeGreaterThan(4);
  expect(bobs.absent, 'and not on hold, nor when he has gone').toBeGreaterThan(4);
  expect(alices.heard).toBeGreaterThan(7);
  expect(alices.absent, 'what we said to Carol before is in no recording of the call with Bob').toBeGreaterThan(2);
  // Both levels are those of one voice: nobody is in it twice.
  expect(Math.max(...sound.levels(aliceHums))).toBeLessThan(-6);
});

const [desk, headset] = [400, 500];

test('a recording goes on with the microphone that takes the place of another, and so does the tone', { tag: '@alone' }, async ({ phones }) => {
  const alice = await phones.signIn('1001', { before: computerWith({ microphones: { Desk: desk, Headset: headset } }) });
  const bob = await phones.signIn('1002', { pitch: bobHums });
  await talk(alice, bob);
  await bob.expectHearsPitches([desk], [headset]);
  await record(alice);
  await recordFor(alice, 3);
  const sheet = new SoundSheet(alice);
  await sheet.openInCall();
  await sheet.microphone.selectOption('Headset');
  await sheet.close();
  await bob.expectHearsPitches([headset], [desk]);
  const loudest = await listenFor(bob, beep);
  await recordFor(alice, (await recordedSeconds(alice)) + 3);
  await stopButton(alice).click();
  await expect.poll(loudest).toBeGreaterThan(loud);
  const { sound } = await saveOffered(alice);
  const [first, second, theirs] = [desk, headset, bobHums].map((pitch) => sound.presence(pitch));
  expect(first.heard, 'the first microphone').toBeGreaterThan(2);
  expect(second.heard, 'the second').toBeGreaterThan(2);
  expect(second.absent, 'and each in its own time').toBeGreaterThan(2);
  expect(theirs.heard).toBeGreaterThan(sound.seconds - 1.5);
});

test('a recording is played, takes room and is deleted', async ({ phones }) => {
  const alice = await phones.signIn('1001', { pitch: aliceHums, clock: noon() });
  const bob = await phones.signIn('1002', { pitch: bobHums });
  await talk(alice, bob);
  await record(alice);
  await recordFor(alice, 2);
  await pressRecord(alice);
  await expect(alice.shown(/is in the history/)).toBeVisible();
  await alice.hangUp();
  await alice.expectDialer();
  await alice.historyTab.click();
  await alice.rows.first().getByRole('button', { name: 'Recordings' }).click();
  const entry = recordings(alice).first();
  await expect(entry).toContainText(/1002.*Today \d\d:\d\d · \d s · \d+ kB/);
  await expect(recordingsSheet(alice)).toContainText(/All recordings take \d+ kB/);
  await entry.getByRole('button', { name: 'Play' }).click();
  const played = () => recordingsSheet(alice).locator('audio').evaluate((audio: HTMLAudioElement) => audio.currentTime);
  await expect.poll(played, 'it should play').toBeGreaterThan(0.5);
  const { sound } = await saved(alice, () => entry.getByRole('button', { name: 'Save as file' }).click());
  expect(sound.presence(bobHums).heard).toBeGreaterThan(1);
  await entry.getByRole('button', { name: 'Delete recording' }).click();
  await entry.getByRole('button', { name: 'Keep' }).click();
  await entry.getByRole('button', { name: 'Delete recording' }).click();
  await entry.getByRole('button', { name: 'Delete for good' }).click();
  await expect(recordingsSheet(alice)).toContainText('No recordings.');
  await alice.page.keyboard.press('Escape');
  await expect(alice.page.getByRole('button', { name: 'Recordings' })).toBeHidden();
  await expect(alice.rows, 'the call stays in the history').toHaveCount(1);
});

test.describe('the call goes on, and it is said', () => {
  const refuse = () => Object.defineProperty(window, 'indexedDB', { value: undefined });
  const lack = () => Reflect.deleteProperty(window, 'MediaRecorder');
  for (const [what, before, words] of [
    ['that a browser which keeps nothing does not record', refuse, /is not recorded: your browser keeps nothing/],
    ['that a browser cannot record', lack, /This browser cannot record calls/],
  ] as const) {
    test(what, async ({ phones }) => {
      const alice = await phones.signIn('1001', { before, pitch: aliceHums });
      const bob = await phones.signIn('1002', { pitch: bobHums });
      await talk(alice, bob);
      await pressRecord(alice);
      await consentSheet(alice).getByRole('button', { name: 'Everyone agrees: record' }).click();
      await expect(alice.shown(words)).toBeVisible();
      await expect(recordedTime(alice)).toBeHidden();
      await alice.expectHearsPitches([bobHums]);
      await bob.expectHearsPitches([aliceHums]);
    });
  }

  test('that there is no more room, and what was recorded until then is kept', async ({ phones }) => {
    const alice = await phones.signIn('1001', { pitch: aliceHums });
    const bob = await phones.signIn('1002', { pitch: bobHums });
    await talk(alice, bob);
    await alice.expectHearsPitches([bobHums]);
    await record(alice);
    await recordFor(alice, 4);
    await alice.page.evaluate(() => {
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (value, key) {
        if (value instanceof ArrayBuffer) throw new DOMException('Full', 'QuotaExceededError');
        return put.call(this, value, key);
      };
    });
    await expect(alice.shown(/The recording has stopped: your browser keeps no more/)).toBeVisible();
    await alice.expectHearsPitches([bobHums]);
    await bob.expectHearsPitches([aliceHums]);
    const { sound } = await saveOffered(alice);
    expect(sound.presence(bobHums).heard).toBeGreaterThan(1.5);
  });
});
