import { createSocket, type Socket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import type { Phone } from './phone';

/** One telephone, as the other one sees it: by a socket of the test. */
interface End {
  phone: Phone;
  socket: Socket;
  /** Where the telephone really is: on this computer, at its own address where the browser offers no loopback. */
  host?: string;
  port?: number;
}

/**
 * Leads the media of two telephones through the test, which can lose and delay what passes: each page gets a candidate
 * of the test in the place of those of the other page. What passes stays encrypted.
 */
export class Detour {
  /** The share of the packets with sound towards the first telephone, and towards the second, that are lost. */
  loss = [0, 0];
  /** How long each packet takes, in milliseconds. */
  delay = 0;
  /** Packets with sound come in bunches, so many milliseconds apart. */
  bunches = 0;
  /** Nothing passes. */
  closed = false;
  private readonly due = [0, 0];

  private constructor(private readonly ends: [End, End]) {
    for (const side of [0, 1]) {
      ends[side].socket.on('message', (packet, sender) => {
        if (sender.port === ends[1 - side].port) this.pass(packet, side);
      });
    }
  }

  /** To be called before the two call each other. */
  static async between(one: Phone, other: Phone): Promise<Detour> {
    const end = async (phone: Phone): Promise<End> => {
      const socket = createSocket('udp4');
      await new Promise<void>((resolve) => socket.bind(0, resolve));
      return { phone, socket };
    };
    const ends: [End, End] = [await end(one), await end(other)];
    const detour = new Detour(ends);
    await Promise.all([detour.mislead(ends[0], ends[1]), detour.mislead(ends[1], ends[0])]);
    return detour;
  }

  close(): void {
    this.closed = true; // For what is still on its way.
    for (const { socket } of this.ends) socket.close();
  }

  private async mislead(near: End, far: End): Promise<void> {
    await near.phone.page.exposeFunction('byDetour', (sdp: string) => replaceCandidates(far, sdp));
    await near.phone.page.evaluate(() => {
      const { byDetour } = window as unknown as { byDetour: (sdp: string) => Promise<string> };
      type Set = (this: RTCPeerConnection, description: RTCSessionDescriptionInit) => Promise<void>;
      const set = RTCPeerConnection.prototype.setRemoteDescription as Set;
      RTCPeerConnection.prototype.setRemoteDescription = async function (description: RTCSessionDescriptionInit) {
        const sdp = description.sdp && (await byDetour(description.sdp));
        return set.call(this, { type: description.type, sdp });
      } as Set;
      // Those that come later would lead past the detour.
      RTCPeerConnection.prototype.addIceCandidate = async () => {};
    });
  }

  /** A packet for the telephone `side`, which sees it come from the socket of the other. */
  private pass(packet: Buffer, side: number): void {
    if (this.closed) return;
    let wait = this.delay;
    if (isSound(packet)) {
      this.due[side] += this.loss[side];
      if (this.due[side] >= 1) {
        this.due[side] -= 1;
        return;
      }
      if (this.bunches) wait += this.bunches - (performance.now() % this.bunches);
    }
    const [to, from] = [this.ends[side], this.ends[1 - side]];
    const send = () => {
      if (!this.closed) from.socket.send(packet, to.port!, to.host!);
    };
    if (wait) setTimeout(send, wait);
    else send();
  }
}

/** A description whose only candidate is the test's. */
function replaceCandidates(far: End, sdp: string): string {
  const candidate = /^a=candidate:(\S+) 1 udp (\d+) (\d+\.\d+\.\d+\.\d+) (\d+) typ host.*$/im.exec(sdp);
  if (!candidate) throw new Error(`${far.phone} should have a candidate of IPv4: ${sdp}`);
  [far.host, far.port] = [candidate[3], Number(candidate[4])];
  const { port } = far.socket.address() as AddressInfo;
  const own = `a=candidate:${candidate[1]} 1 udp ${candidate[2]} ${far.host} ${port} typ host`;
  let first = true;
  const lines = sdp.split('\r\n').flatMap((line) => {
    if (!line.startsWith('a=candidate:')) return [line];
    const kept = first ? [own] : [];
    first = false;
    return kept;
  });
  return lines.join('\r\n');
}

/** RTP, rather than RTCP, DTLS or STUN (RFC 7983, RFC 5761). */
function isSound(packet: Buffer): boolean {
  const kind = packet[1] & 0x7f;
  return packet[0] >> 6 === 2 && (kind < 64 || kind > 95);
}
