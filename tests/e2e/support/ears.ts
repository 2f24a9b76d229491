/** What the page plays and hears, measured from outside the product by wrapping the browser's own interfaces. */
export interface Ears {
  /** Sums over every open peer connection. */
  inbound(): Promise<Inbound>;
  /** The loudest sample that the page sends to the speaker right now through Web Audio or an audio file, 0 to 1. */
  tone(): number;
  /** The level of this pitch in what the page sends to the speaker through Web Audio, in decibels. */
  toneLevel(pitch: number): number;
  /** The moments, in seconds of the audio clock, at which single tones of keys were set to begin. */
  keyTones(): number[];
  /** The level of this pitch in what arrives, in decibels. */
  level(pitch: number): number;
  /** The keys that went out as telephone events (RFC 4733). */
  keysSent(): string;
  /** Whether an audio element is playing live remote sound. */
  playsRemoteAudio(): boolean;
  /** Connections that are not closed. */
  openConnections(): number;
  /** Sends no more packets, not even of silence. */
  hush(): Promise<unknown>;
}

export interface Inbound {
  /** `totalAudioEnergy`: squared level times seconds. */
  energy: number;
  packets: number;
  /** Seconds of sound played out, silence included. */
  seconds: number;
}

declare global {
  interface Window {
    ears: Ears;
  }
}

/** Runs in the page before its own scripts. */
export function installEars(): void {
  const connections: RTCPeerConnection[] = [];
  const elements = new Set<HTMLMediaElement>();
  const taps = new Map<AudioNode, AnalyserNode>();
  const probes = new Map<MediaStreamTrack, AnalyserNode>();
  let laboratory: AudioContext | undefined;
  const keyTones: number[] = [];
  let keys = '';

  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }
  };

  const insert = RTCDTMFSender.prototype.insertDTMF;
  const watched = new Set<RTCDTMFSender>();
  RTCDTMFSender.prototype.insertDTMF = function (this: RTCDTMFSender, ...args) {
    if (!watched.has(this)) this.addEventListener('tonechange', (event) => (keys += event.tone));
    watched.add(this);
    return insert.apply(this, args);
  };

  const start = AudioBufferSourceNode.prototype.start as (...args: number[]) => void;
  AudioBufferSourceNode.prototype.start = function (this: AudioBufferSourceNode, ...args: number[]) {
    // No other tone is as short.
    if (!this.loop && this.buffer!.duration < 0.13) keyTones.push(Math.max(args[0] ?? 0, this.context.currentTime));
    start.apply(this, args);
  };

  const media = HTMLMediaElement.prototype;
  const source = Object.getOwnPropertyDescriptor(media, 'srcObject')!;
  Object.defineProperty(media, 'srcObject', {
    ...source,
    set(stream) {
      elements.add(this);
      source.set!.call(this, stream);
    },
  });
  const play = media.play;
  media.play = function () {
    elements.add(this);
    return play.call(this);
  };

  const connect = AudioNode.prototype.connect as (...args: unknown[]) => AudioNode;
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    const [target] = args;
    if (target instanceof AudioDestinationNode) {
      if (!taps.has(target)) taps.set(target, new AnalyserNode(this.context, { fftSize: 4096, smoothingTimeConstant: 0 }));
      connect.call(this, taps.get(target));
    }
    return connect.apply(this, args);
  } as typeof AudioNode.prototype.connect;

  const levelAt = (probe: AnalyserNode, pitch: number) => {
    const levels = new Float32Array(probe.frequencyBinCount);
    probe.getFloatFrequencyData(levels);
    const bin = Math.round((pitch * probe.fftSize) / probe.context.sampleRate);
    return Math.max(...levels.slice(bin - 1, bin + 2));
  };
  const open = () => connections.filter((connection) => connection.connectionState !== 'closed');

  window.ears = {
    async inbound() {
      const sum = { energy: 0, packets: 0, seconds: 0 };
      for (const connection of open()) {
        for (const report of (await connection.getStats()).values()) {
          if (report.type !== 'inbound-rtp' || report.kind !== 'audio') continue;
          sum.energy += report.totalAudioEnergy ?? 0;
          sum.packets += report.packetsReceived ?? 0;
          sum.seconds += report.totalSamplesDuration ?? 0;
        }
      }
      return sum;
    },
    tone() {
      let loudest = 0;
      for (const tap of taps.values()) {
        if (tap.context.state !== 'running') continue;
        const samples = new Float32Array(tap.fftSize);
        tap.getFloatTimeDomainData(samples);
        for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample));
      }
      for (const element of elements) {
        if (!element.srcObject && !element.paused && !element.muted) loudest = Math.max(loudest, element.volume);
      }
      return loudest;
    },
    toneLevel: (pitch) => Math.max(-200, ...[...taps.values()].map((tap) => levelAt(tap, pitch))),
    level(pitch) {
      laboratory ??= new AudioContext();
      let loudest = -200;
      for (const { track } of open().flatMap((connection) => connection.getReceivers())) {
        if (track.kind !== 'audio') continue;
        if (!probes.has(track)) {
          const probe = new AnalyserNode(laboratory, { fftSize: 4096, smoothingTimeConstant: 0 });
          laboratory.createMediaStreamSource(new MediaStream([track])).connect(probe);
          probes.set(track, probe);
        }
        loudest = Math.max(loudest, levelAt(probes.get(track)!, pitch));
      }
      return loudest;
    },
    keysSent: () => keys,
    keyTones: () => keyTones,
    playsRemoteAudio() {
      return [...elements].some((element) => {
        const live = element.srcObject instanceof MediaStream && element.srcObject.getAudioTracks().some((t) => t.readyState === 'live');
        return live && !element.paused && !element.muted && element.volume > 0;
      });
    },
    openConnections: () => open().length,
    hush: () => Promise.all(open().flatMap((connection) => connection.getSenders().map((sender) => sender.replaceTrack(null)))),
  };
}

/** Runs in the page before its own scripts: a microphone before which somebody hums a steady tone. */
export function hum(pitch: number): void {
  if (!navigator.mediaDevices) return;
  navigator.mediaDevices.getUserMedia = async () => {
    const context = new AudioContext();
    const microphone = new MediaStreamAudioDestinationNode(context);
    const oscillator = new OscillatorNode(context, { frequency: pitch });
    oscillator.connect(new GainNode(context, { gain: 0.3 })).connect(microphone);
    oscillator.start();
    return microphone.stream;
  };
}

/** Runs in the page before its own scripts: the configuration of a telephone with one call at a time. */
export function oneCallOnly(): void {
  addEventListener('DOMContentLoaded', () => {
    document.querySelector('meta[name="webphone-max-calls"]')!.setAttribute('content', '1');
  });
}

/** Runs in the page before its own scripts: the configuration that sends keys as INFO. */
export function keysByInfo(): void {
  addEventListener('DOMContentLoaded', () => {
    document.querySelector('meta[name="webphone-keys"]')!.setAttribute('content', 'info');
  });
}
