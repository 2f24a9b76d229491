import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { authorization } from './digest';
import { account, type Kamailio } from './kamailio';
import { Peer } from './peer';
import { header } from './sip-trace';

/** A scripted peer over UDP, registered at Kamailio, so that a telephone can call its extension and be called by it. */
export class UdpPeer extends Peer {
  private readonly registration = randomBytes(8).toString('hex');
  private readonly seen = new Set<string>();

  private constructor(
    private readonly socket: Socket,
    private readonly kamailio: Kamailio,
    extension: string,
  ) {
    super(extension, kamailio.domain);
    socket.on('message', (datagram) => this.hear(datagram.toString()));
  }

  static async register(kamailio: Kamailio, extension: string): Promise<UdpPeer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const peer = new UdpPeer(socket, kamailio, extension);
    await peer.setRegistration(600).catch((error) => {
      socket.close();
      throw error;
    });
    return peer;
  }

  /** Takes the registration back. */
  async close(): Promise<void> {
    await this.setRegistration(0).catch(() => {}); // Kamailio may have been restarted or stopped by the test.
    this.socket.close();
  }

  /** Kamailio sends a request again while nothing answers: an INVITE gets 100 at once, and a repetition is not taken for news. */
  private hear(message: string): void {
    const [method] = message.split(' ', 1);
    if (!message.startsWith('SIP/2.0 ')) {
      const key = `${method} ${header(message, 'CSeq')} ${/branch=([^;\s]+)/.exec(header(message, 'Via')!)?.[1]}`;
      if (this.seen.has(key)) return;
      this.seen.add(key);
    }
    if (method === 'INVITE') this.reply(message, '100 Trying');
    this.take(message);
  }

  private async setRegistration(expires: number): Promise<void> {
    const lines = [
      `From: <sip:${this.address}>;tag=${this.tag}`,
      `To: <sip:${this.address}>`,
      `Call-ID: ${this.registration}`,
      this.contact,
      `Expires: ${expires}`,
    ];
    await this.ask('REGISTER', `sip:${this.domain}`, lines);
    const answer = await this.receive(new RegExp(`^SIP/2.0 [2-6][^]*CSeq: ${this.cseq} REGISTER`));
    if (!answer.startsWith('SIP/2.0 200')) throw new Error(`The SIP peer ${this.extension} is not registered: ${answer}`);
  }

  /** With digest, once Kamailio has asked for it. */
  protected async ask(method: string, uri: string, lines: string[], body?: string, type?: string): Promise<string> {
    const send = (extra: string[]) =>
      this.write(`${method} ${uri} SIP/2.0`, [this.via(), ...lines, ...extra, `CSeq: ${++this.cseq} ${method}`, 'Max-Forwards: 70'], body, type);
    const first = send([]);
    const challenge = await this.receive(new RegExp(`^SIP/2.0 40[17][^]*CSeq: ${this.cseq} ${method}`));
    if (method === 'INVITE') {
      const via = first.split('\r\n').find((line) => line.startsWith('Via:'))!;
      const same = challenge.split('\r\n').filter((line) => /^(From|To|Call-ID):/i.test(line));
      this.write(`ACK ${uri} SIP/2.0`, [via, ...same, `CSeq: ${this.cseq} ACK`, 'Max-Forwards: 70']);
    }
    return send([authorization(challenge, method, uri, { user: this.extension, password: account(this.extension).password })]);
  }

  protected send(message: string): void {
    this.socket.send(message, this.kamailio.sipPort, '127.0.0.1');
  }

  protected via(): string {
    return `Via: SIP/2.0/UDP 127.0.0.1:${this.port};branch=z9hG4bK${randomBytes(8).toString('hex')};rport`;
  }

  protected get contact(): string {
    return `Contact: <sip:${this.extension}@127.0.0.1:${this.port}>`;
  }

  private get port(): number {
    return (this.socket.address() as AddressInfo).port;
  }
}
