import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { talk, type Phone } from '../support/phone';
import type { Site } from '../support/site';
import { settingsButton } from '../support/talk';

const control = (phone: Phone) => phone.page.getByRole('switch', { name: 'Remove background noise on this device' });
const voice = readFileSync(join(import.meta.dirname, '../../../denoise/tests/speech.wav')).toString('base64');

/** Runs in the page before its own scripts: a microphone in a noisy room, before which somebody may read aloud. */
function noisyRoom(voice: string): void {
  const context = new AudioContext({ sampleRate: 48_000 });
  const room = new GainNode(context);
  const speaker = new GainNode(context, { gain: 0 });
  const noise = new AudioBuffer({ length: 48_000 * 5, sampleRate: 48_000 });
  const samples = noise.getChannelData(0);
  let low = 0;
  for (let at = 0; at < samples.length; at++) samples[at] = low += 0.15 * (0.1 * (Math.random() * 2 - 1) - low);
  const fan = new GainNode(context);
  fan.connect(room);
  const play = (buffer: AudioBuffer, to: AudioNode) => {
    const source = new AudioBufferSourceNode(context, { buffer, loop: true });
    source.connect(to);
    source.start();
  };
  play(noise, fan);
  const bytes = Uint8Array.from(atob(voice), (character) => character.charCodeAt(0));
  void context.decodeAudioData(bytes.buffer).then((buffer) => play(buffer, speaker));
  speaker.connect(room);
  const contexts: AudioContext[] = [];
  window.AudioContext = class extends AudioContext {
    constructor(options?: AudioContextOptions) {
      super(options);
      contexts.push(this);
    }
  };
  const asked: MediaTrackConstraints[] = [];
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    asked.push(constraints!.audio as MediaTrackConstraints);
    const microphone = new MediaStreamAudioDestinationNode(context);
    room.connect(microphone);
    return microphone.stream;
  };
  Object.assign(window, { room: { fan: fan.gain, speaker: speaker.gain, asked, contexts } });
}

/** Changes what is to be heard in the room. */
function setRoom(phone: Phone, fan: number, speaker: number): Promise<void> {
  return phone.page.evaluate(([fan, speaker]) => {
    const { room } = window as unknown as { room: { fan: AudioParam; speaker: AudioParam } };
    room.fan.value = fan;
    room.speaker.value = speaker;
  }, [fan, speaker]);
}

/** Whether the last microphone was opened with the browser's own noise suppression, and with its echo cancellation. */
const asked = (phone: Phone) =>
  phone.page.evaluate(() => {
    const { room } = window as unknown as { room: { asked: MediaTrackConstraints[] } };
    const last = room.asked.at(-1)!;
    return { noise: last.noiseSuppression, echo: last.echoCancellation };
  });

/** How many audio contexts of the page are open. */
const openContexts = (phone: Phone) =>
  phone.page.evaluate(() => {
    const { room } = window as unknown as { room: { contexts: AudioContext[] } };
    return room.contexts.filter(({ state }) => state !== 'closed').length;
  });

/** The mean level of what is heard, in decibels, over `seconds` of it. */
async function level(phone: Phone, seconds = 1): Promise<number> {
  const start = await phone.inbound();
  let now = start;
  await expect
    .poll(async () => (now = await phone.inbound()).seconds - start.seconds, { message: `${phone} should play out sound` })
    .toBeGreaterThan(seconds);
  return 10 * Math.log10((now.energy - start.energy) / (now.seconds - start.seconds) + 1e-9);
}

/** What was asked for of the noise suppressor, after the first `count` requests. */
function loaded(site: Site, count: number): string[] {
  const names = site.requested.slice(count).filter((name) => name.includes('denoise'));
  return names.map((name) => name.replace(/-\w+/, '')).sort();
}

async function setDenoised(phone: Phone, wanted: boolean): Promise<void> {
  await settingsButton(phone).click();
  await control(phone).setChecked(wanted);
  await settingsButton(phone).click();
}

const before = new Function(`(${noisyRoom})('${voice}')`) as () => void;

test('noise is taken out of a call while it goes on, and speech stays', { tag: '@alone' }, async ({ phones, site }) => {
  const { length } = site.requested;
  const alice = await phones.signIn('1001', { before });
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await bob.expectHears();
  const noisy = await level(bob);
  await setRoom(alice, 1, 8);
  const spoken = await level(bob, 3);
  expect(await asked(alice)).toEqual({ noise: true, echo: true });
  expect(loaded(site, length), 'nothing is loaded before it is wanted').toEqual([]);
  const invites = alice.sip.sent(/^INVITE /).length;

  await setRoom(alice, 1, 0);
  const start = await bob.inbound();
  await setDenoised(alice, true);
  // A machine with too much to do interrupts the sound, which is noise as well: in one second it should have had the time.
  await expect.poll(() => level(bob), { message: 'the noise should fall by 15 dB', timeout: 40_000 }).toBeLessThan(noisy - 15);
  expect(loaded(site, length)).toEqual(['/denoise.js', '/denoise.wasm']);
  expect(await asked(alice), 'the browser leaves the noise to us').toEqual({ noise: false, echo: true });
  await setRoom(alice, 1, 8);
  await level(bob); // The voice is on its way.
  expect(Math.abs((await level(bob, 3)) - spoken), 'the voice should be as loud as before').toBeLessThan(3);
  await alice.setMuted(true);
  await bob.expectSilence();
  await alice.setMuted(false);
  await bob.expectHears();

  await setRoom(alice, 1, 0);
  await setDenoised(alice, false);
  await expect.poll(() => level(bob), { message: 'the noise should be back' }).toBeGreaterThan(noisy - 3);
  expect(await asked(alice)).toEqual({ noise: true, echo: true });
  expect(alice.sip.sent(/^INVITE /).length, 'nothing of it is negotiated').toBe(invites);
  const end = await bob.inbound();
  const sent = (end.packets - start.packets) * 0.02;
  expect(sent / (end.seconds - start.seconds), 'packets should have come without a gap').toBeGreaterThan(0.95);
});

test('a call begins at once where noise is taken out, and lets go of all in the end', async ({ phones, site, browserName }) => {
  const alice = await phones.signIn('1001', { before });
  const bob = await phones.signIn('1002');
  const contexts = await openContexts(alice);
  await setDenoised(alice, true);
  const { length } = site.requested;
  await setRoom(alice, 1, 8);
  await talk(alice, bob);
  await bob.expectHears();
  await expect.poll(() => loaded(site, length)).toEqual(['/denoise.js', '/denoise.wasm']);
  // Firefox does not measure the microphone of a call, for which there is a meter of our own.
  await expect.poll(() => openContexts(alice)).toBe(contexts + (browserName === 'firefox' ? 2 : 1));
  // Whoever is on hold hears nothing of it either.
  await alice.hold();
  await bob.expectSilence();
  await alice.resume();
  await bob.expectHears();
  await setRoom(alice, 0, 0);
  await bob.expectSilence();
  await alice.hangUp();
  await alice.expectDialer();
  await expect.poll(() => openContexts(alice), { message: 'no context should be left open' }).toBe(contexts);
});

const obstacles = {
  'does not get its files': (page: Page) => page.route(/denoise-\w+\.wasm$/, (route) => route.abort()),
  'has no worklets': (page: Page) => page.evaluate(() => void Reflect.deleteProperty(window, 'AudioWorkletNode')),
};
for (const [name, block] of Object.entries(obstacles)) {
  test(`a browser that ${name} says so, and the call goes on`, async ({ phones }) => {
    const alice = await phones.signIn('1001', { before });
    const bob = await phones.signIn('1002');
    await block(alice.page);
    await setDenoised(alice, true);
    await setRoom(alice, 1, 8);
    await talk(alice, bob);
    await alice.expectSays(/noise cannot be removed/);
    await bob.expectHears();
    await settingsButton(alice).click();
    await expect(control(alice)).not.toBeChecked();
    await expect.poll(() => asked(alice)).toEqual({ noise: true, echo: true });
  });
}
