/** What the page plays and hears, measured from outside the product by wrapping the browser's own interfaces. */
export interface Ears {
  /** Sums over every open peer connection. */
  inbound(): Promise<Inbound>;
  /** The loudest sample that the page sends to the speaker right now through Web Audio or an audio file, 0 to 1. */
  tone(): number;
  /** The level of this pitch in what the page sends to the speaker through Web Audio, in decibels. */
  toneLevel(pitch: number): number;
  /** The moments, in seconds of the audio clock, that were asked for the single tones of keys; 0 is at once. */
  keyTones(): number[];
  /** The level of this pitch in what arrives, in decibels. */
  level(pitch: number): number;
  /** Notes from now on how loud the page's tones get, and each of these pitches in what arrives: what comes and goes is not missed. */
  note(pitches: number[]): void;
  /** The loudest that this pitch has been in what arrives since `note`, in decibels. */
  loudest(pitch: number): number;
  /**
   * The level of this pitch in what arrives during the next `seconds`, in decibels, as far as it stands out of what is
   * beside it: what a codec adds at all pitches at once, up to -60 dB, is nobody's voice.
   */
  standsOut(seconds: number, pitch: number): Promise<number>;
  /** The loudest that `tone` has been since `note`. */
  loudestTone(): number;
  /** The keys that went out as telephone events (RFC 4733). */
  keysSent(): string;
  /** The loudest sample that is played on the device of this label right now, 0 to 1; on the system's own where it is empty. */
  soundOn(device: string): number;
  /** Listens to what the page sends to the speaker through Web Audio until it has sounded and is over. */
  record(): Promise<Recording>;
  /** Begins to look for silence in what arrives. */
  beginToLookForSilence(): Promise<void>;
  /** The longest silence since then, in seconds. */
  longestSilence(): number;
  /** Whether an audio element is playing live remote sound. */
  playsRemoteAudio(): boolean;
  /** How each connection that is not closed reaches the other side. */
  paths(): Promise<Path[]>;
  /** Connections that are not closed. */
  openConnections(): number;
  /** Sends no more packets, not even of silence. */
  hush(): Promise<unknown>;
}

/** The way that media take. The kinds are those of ICE: `host`, `srflx`, `prflx` or `relay`. */
export interface Path {
  /** The pair of candidates in use, if there is one. */
  local?: string;
  remote?: string;
  /** What our browser speaks to its relay, if it uses one. */
  relayProtocol?: string;
  /** The bytes that came in by that pair. */
  received: number;
  /** The kinds of our own candidates, and of those that the other side told. */
  ours: string[];
  theirs: string[];
}

export interface Inbound {
  /** `totalAudioEnergy`: squared level times seconds. */
  energy: number;
  packets: number;
  /** Seconds of sound played out, silence included. */
  seconds: number;
}

export interface Recording {
  /** The loudest sample, 0 to 1. */
  peak: number;
  /** The power of each stretch of about 12 Hz, up to 3 kHz. */
  spectrum: number[];
}

declare global {
  interface Window {
    ears: Ears;
    /** See `noteClicks`. */
    clickedAt: number;
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

  const sounding = new Set<AudioScheduledSourceNode>();
  let longestSilence = 0;

  const start = AudioBufferSourceNode.prototype.start as (...args: number[]) => void;
  AudioBufferSourceNode.prototype.start = function (this: AudioBufferSourceNode, ...args: number[]) {
    // No other tone is as short.
    if (!this.loop && this.buffer!.duration < 0.13) keyTones.push(args[0] ?? 0);
    sounding.add(this);
    this.addEventListener('ended', () => sounding.delete(this));
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
  const peakOf = (probe: AnalyserNode) => {
    const samples = new Float32Array(probe.fftSize);
    probe.getFloatTimeDomainData(samples);
    return samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
  };
  const probeOf = (track: MediaStreamTrack) => {
    laboratory ??= new AudioContext();
    if (!probes.has(track)) {
      const probe = new AnalyserNode(laboratory, { fftSize: 4096, smoothingTimeConstant: 0 });
      laboratory.createMediaStreamSource(new MediaStream([track])).connect(probe);
      probes.set(track, probe);
    }
    return probes.get(track)!;
  };
  const arriving = () => open().flatMap((connection) => connection.getReceivers()).map(({ track }) => track).filter(({ kind }) => kind === 'audio');
  const open = () => connections.filter((connection) => connection.connectionState !== 'closed');
  // Firefox never answers for a connection that is closed meanwhile.
  const measured = async (connection: RTCPeerConnection) => {
    const late = new Promise<RTCStatsReport>((resolve) => setTimeout(resolve, 1000, new Map()));
    return [...(await Promise.race([connection.getStats(), late])).values()];
  };

  let loudestTone = 0;
  let loudest = new Map<number, number>();
  let noting: ReturnType<typeof setInterval> | undefined;

  window.ears = {
    note(pitches) {
      loudestTone = 0;
      loudest = new Map(pitches.map((pitch) => [pitch, -200]));
      noting ??= setInterval(() => {
        loudestTone = Math.max(loudestTone, this.tone());
        for (const [pitch, level] of loudest) loudest.set(pitch, Math.max(level, this.level(pitch)));
      }, 40);
    },
    loudest: (pitch) => loudest.get(pitch) ?? -200,
    async standsOut(seconds, pitch) {
      const pitches = [pitch, pitch - 80, pitch + 80]; // A tone fills 35 Hz to each side. Somebody may hum at one of the two.
      const powers = [0, 0, 0];
      const looks = seconds * 25;
      for (let look = 0; look < looks; look++) {
        for (const [place, each] of pitches.entries()) powers[place] += 10 ** (this.level(each) / 10) / looks;
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
      const [level, ...beside] = powers.map((power) => 10 * Math.log10(power));
      return level > Math.min(...beside) + 10 ? level : -200;
    },
    loudestTone: () => loudestTone,
    async inbound() {
      const sum = { energy: 0, packets: 0, seconds: 0 };
      for (const connection of open()) {
        for (const report of await measured(connection)) {
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
      return Math.max(-200, ...arriving().map((track) => levelAt(probeOf(track), pitch)));
    },
    soundOn(device) {
      const isThere = (player: object) => ((player as { sinkId?: string }).sinkId ?? '') === device;
      const tones = [...taps.values()].filter(({ context }) => isThere(context) && context.state === 'running');
      const playing = [...elements].filter((element) => isThere(element) && !element.paused && !element.muted);
      const tracks = playing.flatMap(({ srcObject }) => (srcObject as MediaStream | null)?.getAudioTracks() ?? []);
      return Math.max(0, ...tones.map(peakOf), ...tracks.map((track) => peakOf(probeOf(track))));
    },
    async record() {
      const recording: Recording = { peak: 0, spectrum: new Array(256).fill(0) };
      const next = () => new Promise((resolve) => setTimeout(resolve, 20));
      while (!sounding.size) await next();
      while (sounding.size) {
        for (const tap of taps.values()) {
          recording.peak = Math.max(recording.peak, peakOf(tap));
          const levels = new Float32Array(tap.frequencyBinCount);
          tap.getFloatFrequencyData(levels);
          recording.spectrum = recording.spectrum.map((power, bin) => power + 10 ** (levels[bin] / 10));
        }
        await next();
      }
      return recording;
    },
    async beginToLookForSilence() {
      const context = new AudioContext();
      const meter = `registerProcessor('silence', class extends AudioWorkletProcessor {
        quiet = 0;
        process([[samples]]) {
          const isQuiet = !samples || samples.every((sample) => Math.abs(sample) < 0.01);
          this.quiet = isQuiet ? this.quiet + 128 : 0;
          if (isQuiet) this.port.postMessage(this.quiet / sampleRate);
          return true;
        }
      })`;
      await context.audioWorklet.addModule(URL.createObjectURL(new Blob([meter], { type: 'text/javascript' })));
      const node = new AudioWorkletNode(context, 'silence');
      context.createMediaStreamSource(new MediaStream([arriving()[0]])).connect(node).connect(context.destination);
      longestSilence = 0;
      node.port.onmessage = ({ data }) => (longestSilence = Math.max(longestSilence, data));
      Object.assign(window, { silenceMeter: node }); // Kept from the garbage collector.
    },
    longestSilence: () => longestSilence,
    keysSent: () => keys,
    keyTones: () => keyTones,
    playsRemoteAudio() {
      return [...elements].some((element) => {
        const live = element.srcObject instanceof MediaStream && element.srcObject.getAudioTracks().some((t) => t.readyState === 'live');
        return live && !element.paused && !element.muted && element.volume > 0;
      });
    },
    paths: () =>
      Promise.all(
        open().map(async (connection) => {
          const reports = await measured(connection);
          const byId = (id?: string) => reports.find((report) => report.id === id);
          const kinds = (type: string) => reports.filter((report) => report.type === type).map((report) => report.candidateType);
          const transport = reports.find((report) => report.type === 'transport');
          const pair =
            byId(transport?.selectedCandidatePairId) ?? reports.find((report) => report.type === 'candidate-pair' && report.selected);
          const [local, remote] = [byId(pair?.localCandidateId), byId(pair?.remoteCandidateId)];
          return {
            local: local?.candidateType,
            remote: remote?.candidateType,
            relayProtocol: local?.relayProtocol,
            received: pair?.bytesReceived ?? 0,
            ours: kinds('local-candidate'),
            theirs: kinds('remote-candidate'),
          };
        }),
      ),
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

/** Runs in the page before its own scripts: the configuration of a telephone with three calls at a time. */
export function threeCalls(): void {
  addEventListener('DOMContentLoaded', () => {
    document.querySelector('meta[name="webphone-max-calls"]')!.setAttribute('content', '3');
  });
}

/** Runs in the page before its own scripts: what whoever hosts the page has written into its `<meta>` elements. */
export function configure(meta: Record<string, string>): void {
  addEventListener('DOMContentLoaded', () => {
    for (const [name, content] of Object.entries(meta)) {
      document.querySelector(`meta[name="${name}"]`)!.setAttribute('content', content);
    }
  });
}

/** Runs in the page before its own scripts: a network in which the other side is reached by relays only. */
export function onlyRelaysReach(): void {
  window.RTCPeerConnection = class extends RTCPeerConnection {
    override setRemoteDescription({ type, sdp = '' }: RTCSessionDescriptionInit): Promise<void> {
      const lines = sdp.split('\r\n').filter((line) => !line.startsWith('a=candidate:') || line.includes(' typ relay'));
      return super.setRemoteDescription({ type, sdp: lines.join('\r\n') });
    }

    override async addIceCandidate(init?: RTCIceCandidateInit | null): Promise<void> {
      if (!init?.candidate || init.candidate.includes(' typ relay')) await super.addIceCandidate(init);
    }
  };
}

/** Runs in the page before its own scripts: when something was clicked last, in milliseconds since the epoch. */
export function noteClicks(): void {
  addEventListener('click', () => (window.clickedAt = Date.now()), true);
}

/** Runs in the page before its own scripts: the configuration that sends keys as INFO. */
export function keysByInfo(): void {
  addEventListener('DOMContentLoaded', () => {
    document.querySelector('meta[name="webphone-keys"]')!.setAttribute('content', 'info');
  });
}
