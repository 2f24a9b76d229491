import { expect, type Page } from '@playwright/test';
import type { Phone } from './phone';

/** What the page sends and sees, measured from outside the product. */
export interface Eyes {
  /** Pictures of the other sides that were decoded, over every connection that is open. */
  decoded(): Promise<number>;
  /** Cameras that are on, and screens that are shown. */
  live(): { cameras: number; screens: number };
  /** Unplugs the camera, or presses the browser's own button that ends the sharing of the screen. */
  unplug(): void;
}

declare global {
  interface Window {
    eyes: Eyes;
  }
}

/** Runs in the page before its own scripts. The screen is one that changes its colour all the time. */
export function installEyes(): void {
  const connections = new Set<RTCPeerConnection>();
  const cameras: MediaStreamTrack[] = [];
  const screens: MediaStreamTrack[] = [];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.add(this);
    }
  };
  const devices = navigator.mediaDevices;
  if (devices) {
    const open = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      const stream = await open(constraints);
      cameras.push(...stream.getVideoTracks().map(hearable));
      return stream;
    };
    devices.getDisplayMedia = async () => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [320, 240];
      const brush = canvas.getContext('2d')!;
      let hue = 0;
      setInterval(() => {
        brush.fillStyle = `hsl(${(hue += 40)} 100% 50%)`;
        brush.fillRect(0, 0, 320, 240);
      }, 100);
      const stream = canvas.captureStream(10);
      screens.push(...stream.getVideoTracks().map(hearable));
      return stream;
    };
  }
  // Firefox hands no event that a script makes to those who listen to a track.
  const hearable = (track: MediaStreamTrack) => {
    const ears = new EventTarget();
    for (const name of ['addEventListener', 'removeEventListener', 'dispatchEvent'] as const) {
      Object.defineProperty(track, name, { value: ears[name].bind(ears), configurable: true });
    }
    return track;
  };
  const isLive = (track: MediaStreamTrack) => track.readyState === 'live';
  window.eyes = {
    async decoded() {
      let frames = 0;
      for (const connection of connections) {
        if (connection.connectionState === 'closed') continue;
        for (const report of (await connection.getStats()).values()) {
          if (report.type === 'inbound-rtp' && report.kind === 'video') frames += report.framesDecoded ?? 0;
        }
      }
      return frames;
    },
    live: () => ({ cameras: cameras.filter(isLive).length, screens: screens.filter(isLive).length }),
    unplug() {
      for (const track of [...cameras, ...screens].filter(isLive)) {
        track.stop();
        track.dispatchEvent(new Event('ended'));
      }
    },
  };
}

/** The picture of the other side on the page. */
export const farPicture = (phone: Phone) => phone.page.getByRole('img', { name: /^Picture of / });
/** The user's own. */
export const ownPicture = (phone: Phone) => phone.page.getByRole('img', { name: 'Your picture' });
export const cameraButton = (phone: Phone) => phone.page.getByRole('button', { name: 'Camera', exact: true });
export const videoCallButton = (phone: Phone) => phone.page.getByRole('button', { name: 'Video call', exact: true });
export const answerWithVideoButton = (phone: Phone) => phone.page.getByRole('button', { name: 'Answer with video' });

/** Calls with a picture. */
export async function videoCall(phone: Phone, target: string): Promise<void> {
  await phone.numberBox.fill(target);
  await videoCallButton(phone).click();
}

/** Presses the button, and waits until the camera is seen by the other side, or off. */
export async function setCamera(phone: Phone, on: boolean): Promise<void> {
  await cameraButton(phone).click();
  await expect(cameraButton(phone), `${phone}: "Camera" should be ${on ? 'pressed' : 'released'}`).toHaveAttribute('aria-pressed', String(on));
  await expect(cameraButton(phone)).not.toHaveAttribute('aria-busy');
}

/** What the first video on a page, or in a part of it, shows: the colours of a few places. */
function colours(page: Page, selector: string): Promise<string> {
  return page.evaluate((selector) => {
    const video = document.querySelector<HTMLVideoElement>(selector);
    if (!video?.videoWidth) return '';
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [32, 24];
    const brush = canvas.getContext('2d')!;
    brush.drawImage(video, 0, 0, 32, 24);
    return brush.getImageData(0, 0, 32, 24).data.join();
  }, selector);
}

/** Waits until pictures of the other side are decoded, and those on the page change. */
export async function expectSees(phone: Phone): Promise<void> {
  const before = await phone.page.evaluate(() => window.eyes.decoded());
  await expect
    .poll(() => phone.page.evaluate(() => window.eyes.decoded()), { message: `${phone} should decode pictures` })
    .toBeGreaterThan(before + 5);
  const selector = phone.kind === 'webphone' ? '.stage > .far video' : 'video';
  await expect.poll(() => colours(phone.page, selector), { message: `${phone} should show a picture` }).not.toBe('');
  const first = await colours(phone.page, selector);
  await expect.poll(() => colours(phone.page, selector), { message: `${phone}: the picture should move` }).not.toBe(first);
}

/** Checks that no picture is decoded in two seconds of the call. */
export async function expectSeesNothing(phone: Phone): Promise<void> {
  const pass = async (length: number) => {
    const start = await phone.timerSeconds();
    await expect.poll(async () => (await phone.timerSeconds()) - start, { message: `${phone}: the call should go on` }).toBeGreaterThan(length);
  };
  await pass(1); // What was on its way.
  const before = await phone.page.evaluate(() => window.eyes.decoded());
  await pass(2);
  expect(await phone.page.evaluate(() => window.eyes.decoded()), `${phone} should see nothing`).toBe(before);
}

/** How many cameras are on, and screens shown. */
export async function expectLive(phone: Phone, live: { cameras?: number; screens?: number }): Promise<void> {
  await expect
    .poll(() => phone.page.evaluate(() => window.eyes.live()), { message: `${phone}: what is on` })
    .toEqual({ cameras: 0, screens: 0, ...live });
}

/** A hold takes the picture of the one who holds from the other, and both see each other after it. */
export async function expectHoldHides(holder: Phone, held: Phone): Promise<void> {
  await holder.hold();
  await expectSeesNothing(held);
  await holder.resume();
  await Promise.all([expectSees(held), expectSees(holder)]);
}
