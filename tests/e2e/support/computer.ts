import type { Page } from '@playwright/test';

/** What a page's computer has: microphones with the tone before each, in hertz, and speakers. The first is the system's own. */
export interface Hardware {
  microphones?: Record<string, number>;
  speakers?: string[];
}

/** A page's computer, whose devices are plugged and unplugged. Devices are known by their labels. */
export interface Computer {
  /** Plugs in a microphone before which this tone is heard. */
  plug(label: string, pitch: number): void;
  plugSpeaker(label: string): void;
  /** Unplugs a device: what was open ends, as if by itself. */
  unplug(label: string): void;
  /** The system ends what the page has open, as telephones do to a page that is left. */
  end(): void;
  /** The system silences what the page has open, until it is opened again. */
  silence(): void;
  /** Another program holds this microphone, or lets go of it. */
  hold(label: string, held: boolean): void;
  /** The milliseconds that a microphone takes to open. */
  delay: number;
  /** A microphone treats its sound otherwise only when it is opened anew. */
  stubborn: boolean;
  /** What was asked of each microphone that was to be opened. */
  asked: MediaTrackConstraints[];
  /** The labels of those that are open. */
  open(): string[];
  /** The settings of the one that was opened last. */
  settings(): MediaTrackSettings;
  /** How often the list of devices was asked for. */
  listed: number;
}

declare global {
  interface Window {
    computer: Computer;
  }
}

/** Something for `before`: a page on a computer with these devices. The ids of the devices change with `localStorage.salt`. */
export function computerWith(hardware: Hardware): () => void {
  return new Function(`(${install})(${JSON.stringify(hardware)})`) as () => void;
}

/** Does something to a page's computer. */
export function computer<T, A>(page: Page, act: (computer: Computer, argument: A) => T, argument?: A): Promise<T> {
  return page.evaluate(`(${act})(window.computer, ${JSON.stringify(argument)})`);
}

function install({ microphones = {}, speakers = [] }: Hardware): void {
  const devices = navigator.mediaDevices;
  const pitches = new Map(Object.entries(microphones));
  const outputs = new Set(speakers);
  const held = new Set<string>();
  const opened: { label: string; track: MediaStreamTrack; oscillator: OscillatorNode }[] = [];
  let allowed = false;
  const idOf = (label: string) => `${label}-${localStorage.salt ?? ''}`;
  const live = () => opened.filter(({ track }) => track.readyState === 'live');
  const change = () => devices.dispatchEvent(new Event('devicechange'));
  const own = (object: object, name: string, value: unknown) => Object.defineProperty(object, name, { value, configurable: true });
  const stop = ({ track, oscillator }: (typeof opened)[number]) => {
    oscillator.stop(); // Copies of the track fall silent, too.
    track.stop();
    track.dispatchEvent(new Event('ended'));
  };

  const self: Computer = {
    plug(label, pitch) {
      pitches.set(label, pitch);
      change();
    },
    plugSpeaker(label) {
      outputs.add(label);
      change();
    },
    unplug(label) {
      pitches.delete(label);
      outputs.delete(label);
      live().filter((one) => one.label === label).forEach(stop);
      change();
    },
    end: () => live().forEach(stop),
    silence() {
      for (const { track, oscillator } of live()) {
        oscillator.stop();
        own(track, 'muted', true);
        track.dispatchEvent(new Event('mute'));
      }
    },
    hold: (label, holds) => void (holds ? held.add(label) : held.delete(label)),
    delay: 0,
    stubborn: false,
    asked: [],
    open: () => live().map(({ label }) => label),
    settings: () => opened.at(-1)!.track.getSettings(),
    listed: 0,
  };
  window.computer = self;

  devices.enumerateDevices = async () => {
    self.listed++;
    const list = (kind: string, labels: Iterable<string>) =>
      [...labels].map((label) => ({ kind, deviceId: allowed ? idOf(label) : '', label: allowed ? label : '', groupId: '' }));
    return [...list('audioinput', pitches.keys()), ...list('audiooutput', outputs)] as unknown as MediaDeviceInfo[];
  };

  devices.getUserMedia = async (wanted) => {
    const audio = wanted!.audio as MediaTrackConstraints;
    self.asked.push(JSON.parse(JSON.stringify(audio)));
    if (self.delay) await new Promise((resolve) => setTimeout(resolve, self.delay));
    if (!pitches.size) throw new DOMException('', 'NotFoundError');
    const id = (audio.deviceId as ConstrainDOMStringParameters | undefined)?.exact;
    const label = [...pitches.keys()].find((label) => !id || id === idOf(label));
    if (!label) throw Object.assign(new Error(), { name: 'OverconstrainedError' });
    if (held.has(label)) throw new DOMException('', 'NotReadableError');
    allowed = true;
    const context = new AudioContext();
    const destination = new MediaStreamAudioDestinationNode(context);
    const oscillator = new OscillatorNode(context, { frequency: pitches.get(label) });
    oscillator.connect(new GainNode(context, { gain: 0.3 })).connect(destination);
    oscillator.start();
    const track = destination.stream.getAudioTracks()[0];
    const settings: MediaTrackSettings = { deviceId: idOf(label) };
    const treat = ({ echoCancellation, noiseSuppression, autoGainControl }: MediaTrackConstraints) =>
      Object.assign(settings, { echoCancellation, noiseSuppression, autoGainControl });
    treat(audio);
    // Firefox hands no event that a script makes to those who listen to a track.
    const ears = new EventTarget();
    for (const name of ['addEventListener', 'removeEventListener', 'dispatchEvent'] as const) own(track, name, ears[name].bind(ears));
    own(track, 'label', label);
    own(track, 'getSettings', () => settings);
    own(track, 'applyConstraints', async (wanted: MediaTrackConstraints) => void (self.stubborn || treat(wanted)));
    opened.push({ label, track, oscillator });
    return destination.stream;
  };

  // Nothing of the kind is on this computer, so that what plays stays where it is and says where it should be.
  for (const player of [HTMLMediaElement, AudioContext]) {
    const prototype = player.prototype as { setSinkId?: unknown };
    if (!prototype.setSinkId) continue;
    prototype.setSinkId = async function (this: object, id: string) {
      const label = [...outputs].find((label) => id === idOf(label));
      if (id && !label) throw new DOMException('', 'NotFoundError');
      own(this, 'sinkId', label ?? '');
    };
  }
}

/** Makes every request for the microphone fail with the given DOMException. */
export function failWith(name: string): () => void {
  return new Function(
    `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '${name}'));`,
  ) as () => void;
}
