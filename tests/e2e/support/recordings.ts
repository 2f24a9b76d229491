import { expect, type Locator } from '@playwright/test';
import type { Phone } from './phone';

/** What a person does and sees of recordings, by accessible names only, and what is in their files. */

const named = (phone: Phone, name: string): Locator => phone.page.getByRole('button', { name, exact: true });

/** The button that opens what is used less in a call, and there the one that records. */
export const moreButton = (phone: Phone): Locator => named(phone, 'More');
export const recordButton = (phone: Phone): Locator => named(phone, 'Record');
export const stopButton = (phone: Phone): Locator => named(phone, 'Stop recording');
export const saveButton = (phone: Phone): Locator => named(phone, 'Save as file');
export const consentSheet = (phone: Phone): Locator => phone.page.getByRole('dialog', { name: 'Record this call?' });
export const recordingsSheet = (phone: Phone): Locator => phone.page.getByRole('dialog', { name: 'Recordings' });
/** The sheet's entries. */
export const recordings = (phone: Phone): Locator => recordingsSheet(phone).getByRole('listitem');
/** The seconds of the recording that runs. */
export const recordedTime = (phone: Phone): Locator => phone.page.getByText(/^Recording \d+:\d\d$/);

/** Presses "Record". */
export async function pressRecord(phone: Phone): Promise<void> {
  await moreButton(phone).click();
  await recordButton(phone).click();
}

/** Records the call, with consent, and waits until it is said to run. */
export async function record(phone: Phone): Promise<void> {
  await pressRecord(phone);
  await consentSheet(phone).getByRole('button', { name: 'Everyone agrees: record' }).click();
  await expect(recordedTime(phone), `${phone} should say that it records`).toBeVisible();
  await expect(consentSheet(phone)).toBeHidden();
}

/** Waits until the recording is so many seconds long, by what is said of it. */
export async function recordFor(phone: Phone, seconds: number): Promise<void> {
  const time = async () => {
    const [minutes, rest] = (await recordedTime(phone).innerText()).replace('Recording ', '').split(':').map(Number);
    return minutes * 60 + rest;
  };
  await expect.poll(time, { message: `${phone} should record for ${seconds} s`, timeout: 20_000 }).toBeGreaterThanOrEqual(seconds);
}

/** The seconds that have been recorded by now. */
export async function recordedSeconds(phone: Phone): Promise<number> {
  const [minutes, seconds] = (await recordedTime(phone).innerText()).replace('Recording ', '').split(':').map(Number);
  return minutes * 60 + seconds;
}

interface Decoded {
  name: string;
  rate: number;
  /** 16-bit samples, as base64. */
  samples: string;
}

type Watched = Window & { given?: Promise<{ name: string; file: ArrayBuffer }> };

/** The file that a press gives the user, and its sound as the browser decodes it. The driver of Firefox tells of no download. */
export async function saved(phone: Phone, press: () => Promise<void>): Promise<{ name: string; sound: Sound }> {
  await phone.page.evaluate(() => {
    const { click } = HTMLElement.prototype;
    const { createObjectURL } = URL;
    // The page may fetch nothing of its own: the file is taken where it gets its address.
    let file: Blob;
    URL.createObjectURL = (made: Blob) => {
      URL.createObjectURL = createObjectURL;
      file = made;
      return createObjectURL.call(URL, made);
    };
    (window as Watched).given = new Promise((resolve, reject) => {
      HTMLElement.prototype.click = function (this: HTMLAnchorElement) {
        HTMLElement.prototype.click = click;
        const name = this.download;
        file.arrayBuffer().then((file) => resolve({ name, file }), reject);
        click.call(this);
      };
    });
  });
  const isTold = phone.page.context().browser()?.browserType().name() === 'chromium';
  const download = isTold ? phone.page.waitForEvent('download') : undefined;
  await press();
  const decoded = await phone.page.evaluate(async () => {
    const { name, file } = await (window as Watched).given!;
    const sound = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(file);
    const samples = Int16Array.from(sound.getChannelData(0), (sample) => Math.max(-1, Math.min(1, sample)) * 32_767);
    const raw = new Uint8Array(samples.buffer);
    let text = '';
    for (let start = 0; start < raw.length; start += 8192) text += String.fromCharCode(...raw.subarray(start, start + 8192));
    return { name, rate: sound.sampleRate, samples: btoa(text) };
  });
  if (download) expect((await download).suggestedFilename()).toBe(decoded.name);
  return { name: decoded.name, sound: new Sound(decoded) };
}

/** A stretch of sound that is looked at for pitches. */
const stretch = 0.25;

/** From this level on, in decibels of full scale, a pitch is heard. What is 20 below is not there. */
const heard = -35;

/** The sound of a recording. */
export class Sound {
  private readonly samples: Int16Array;
  private readonly rate: number;

  constructor({ rate, samples }: Decoded) {
    const raw = Buffer.from(samples, 'base64');
    this.samples = new Int16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength));
    this.rate = rate;
  }

  get seconds(): number {
    return this.samples.length / this.rate;
  }

  /** The level of a pitch in each stretch, in decibels of full scale, by Goertzel's way. */
  levels(pitch: number): number[] {
    const size = Math.floor(stretch * this.rate);
    const factor = 2 * Math.cos((2 * Math.PI * pitch) / this.rate);
    const levels: number[] = [];
    for (let start = 0; start + size <= this.samples.length; start += size) {
      let [previous, current] = [0, 0];
      for (let index = 0; index < size; index++) {
        const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / size);
        const next = (this.samples[start + index] / 32_768) * window + factor * current - previous;
        [previous, current] = [current, next];
      }
      const power = current ** 2 + previous ** 2 - factor * current * previous;
      levels.push(10 * Math.log10(Math.max(power, 1e-12) / (size / 4) ** 2));
    }
    return levels;
  }

  /** How many seconds of it this pitch is heard, and how many it is not there. */
  presence(pitch: number): { heard: number; absent: number } {
    const levels = this.levels(pitch);
    const seconds = (is: (level: number) => boolean) => levels.filter(is).length * stretch;
    return { heard: seconds((level) => level > heard), absent: seconds((level) => level < heard - 20) };
  }
}
