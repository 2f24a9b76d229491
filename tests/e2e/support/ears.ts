/** What the page plays and hears, measured from outside the product by wrapping the browser's own interfaces. */
export interface Ears {
  /** Sums over every open peer connection. */
  inbound(): Promise<Inbound>;
  /** The loudest sample that the page sends to the speaker right now through Web Audio or an audio file, 0 to 1. */
  tone(): number;
  /** Whether an audio element is playing live remote sound. */
  playsRemoteAudio(): boolean;
  /** Connections that are not closed. */
  openConnections(): number;
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

  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }
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
      if (!taps.has(target)) taps.set(target, new AnalyserNode(this.context));
      connect.call(this, taps.get(target));
    }
    return connect.apply(this, args);
  } as typeof AudioNode.prototype.connect;

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
    playsRemoteAudio() {
      return [...elements].some((element) => {
        const live = element.srcObject instanceof MediaStream && element.srcObject.getAudioTracks().some((t) => t.readyState === 'live');
        return live && !element.paused && !element.muted && element.volume > 0;
      });
    },
    openConnections: () => open().length,
  };
}
