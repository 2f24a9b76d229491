import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { account, type Kamailio } from './kamailio';
import { header } from './sip-trace';

/**
 * A SIP peer over UDP that does what the test scripts and nothing else: no timers, no retransmission.
 * It is registered at Kamailio, so that a telephone can call its extension and be called by it.
 */
export class UdpPeer {
  private readonly inbox: string[] = [];
  private wakeUp = () => {};
  private cseq = 0;
  private readonly callId = randomBytes(8).toString('hex');

  private constructor(
    private readonly socket: Socket,
    private readonly kamailio: Kamailio,
    readonly extension: string,
  ) {
    socket.on('message', (datagram) => {
      this.inbox.push(datagram.toString());
      this.wakeUp();
    });
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

  /** The next message that begins like this; others stay for later calls. */
  async receive(start: RegExp, timeout = 5_000): Promise<string> {
    const deadline = Date.now() + timeout;
    for (;;) {
      const index = this.inbox.findIndex((message) => start.test(message));
      if (index >= 0) return this.inbox.splice(index, 1)[0];
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`The SIP peer ${this.extension} got no ${start} within ${timeout} ms.`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wakeUp = () => (clearTimeout(timer), resolve());
      });
    }
  }

  /** Answers a request: `reply(invite, '180 Ringing', { tag: 'a' })`. */
  reply(request: string, status: string, options: { tag?: string; sdp?: string; headers?: string[] } = {}): void {
    const echoed = request.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq|Record-Route)\s*:/i.test(line));
    const to = header(request, 'To')!;
    const tag = options.tag && !/;tag=/.test(to) ? `;tag=${options.tag}` : '';
    const headers = options.headers ?? [];
    const contact = headers.some((line) => line.startsWith('Contact:')) ? [] : [this.contact];
    this.write(`SIP/2.0 ${status}`, [...echoed, `To: ${to}${tag}`, ...contact, ...headers], options.sdp);
  }

  /** Tells the state of what a SUBSCRIBE asks for, which was accepted with this tag. */
  notify(subscribe: string, tag: string, cseq: number, event: string, type: string, body: string): void {
    const target = /<([^>]+)>/.exec(header(subscribe, 'Contact')!)![1];
    const routes = [...subscribe.matchAll(/^Record-Route:\s*(.*?)\s*$/gim)].flatMap((match) => match[1].split(/,\s*/));
    const lines = [
      this.via(),
      ...routes.map((route) => `Route: ${route}`),
      `From: ${header(subscribe, 'To')};tag=${tag}`,
      `To: ${header(subscribe, 'From')}`,
      `Call-ID: ${header(subscribe, 'Call-ID')}`,
      `CSeq: ${cseq} NOTIFY`,
      'Max-Forwards: 70',
      this.contact,
      `Event: ${event}`,
      'Subscription-State: active;expires=600',
    ];
    this.write(`NOTIFY ${target} SIP/2.0`, lines, body, type);
  }

  /** Sends an INVITE with digest and gives the message as it was sent last. */
  async invite(target: string, sdp: string, displayName = ''): Promise<string> {
    const lines = (extra: string[]) => [
      `From: ${displayName && `"${displayName}" `}<sip:${this.address}>;tag=${this.callId}`,
      `To: <sip:${target}@${this.kamailio.domain}>`,
      `Call-ID: ${randomBytes(8).toString('hex')}`,
      this.contact,
      ...extra,
    ];
    return this.withDigest('INVITE', `sip:${target}@${this.kamailio.domain}`, lines, sdp);
  }

  /** Sends CANCEL for an INVITE of ours. */
  cancel(invite: string): void {
    const same = invite.split('\r\n').filter((line) => /^(Via|From|To|Call-ID|Route)\s*:/i.test(line));
    const [, uri] = invite.split(' ');
    this.write(`CANCEL ${uri} SIP/2.0`, [...same, `CSeq: ${parseInt(header(invite, 'CSeq')!)} CANCEL`, 'Max-Forwards: 70']);
  }

  /** Sends ACK for a final answer to an INVITE of ours; for a 2xx it is a request of the dialog. */
  ack(invite: string, answer: string): void {
    this.inDialog('ACK', invite, answer, parseInt(header(invite, 'CSeq')!));
  }

  /** Sends BYE in the dialog that an INVITE of ours and its answer made. */
  bye(invite: string, answer: string): void {
    this.inDialog('BYE', invite, answer, parseInt(header(invite, 'CSeq')!) + 1);
  }

  /** Sends NOTIFY that nobody asked for, with digest, and gives the final answer. */
  async notifyUnasked(target: string, event: string, body: string): Promise<string> {
    const uri = `sip:${target}@${this.kamailio.domain}`;
    const lines = (extra: string[]) => [
      `From: <sip:${this.address}>;tag=${this.callId}`,
      `To: <${uri}>`,
      `Call-ID: ${randomBytes(8).toString('hex')}`,
      this.contact,
      `Event: ${event}`,
      'Subscription-State: active',
      ...extra,
    ];
    await this.withDigest('NOTIFY', uri, lines, body, `application/simple-${event}`);
    return this.receive(new RegExp(`^SIP/2.0 [2-6][^]*CSeq: ${this.cseq} NOTIFY`));
  }

  private inDialog(method: string, invite: string, answer: string, cseq: number): void {
    const target = /<([^>]+)>/.exec(header(answer, 'Contact')!)![1];
    const routes = [...answer.matchAll(/^Record-Route:\s*(.*?)\s*$/gim)].flatMap((match) => match[1].split(/,\s*/));
    this.write(`${method} ${target} SIP/2.0`, [
      this.via(),
      ...routes.reverse().map((route) => `Route: ${route}`),
      `From: ${header(invite, 'From')}`,
      `To: ${header(answer, 'To')}`,
      `Call-ID: ${header(invite, 'Call-ID')}`,
      `CSeq: ${cseq} ${method}`,
      'Max-Forwards: 70',
    ]);
  }

  private async setRegistration(expires: number): Promise<void> {
    const domain = this.kamailio.domain;
    const answer = await this.withDigestAnswer('REGISTER', `sip:${domain}`, (extra) => [
      `From: <sip:${this.address}>;tag=${this.callId}`,
      `To: <sip:${this.address}>`,
      `Call-ID: ${this.callId}`,
      this.contact,
      `Expires: ${expires}`,
      ...extra,
    ]);
    if (!answer.startsWith('SIP/2.0 200')) throw new Error(`The SIP peer ${this.extension} is not registered: ${answer}`);
  }

  private async withDigestAnswer(method: string, uri: string, lines: (extra: string[]) => string[]): Promise<string> {
    await this.withDigest(method, uri, lines);
    return this.receive(new RegExp(`^SIP/2.0 [2-6][^]*CSeq: ${this.cseq} ${method}`));
  }

  private async withDigest(
    method: string,
    uri: string,
    lines: (extra: string[]) => string[],
    body?: string,
    type?: string,
  ): Promise<string> {
    const callId = `Call-ID: ${header(lines([]).join('\r\n'), 'Call-ID')}`;
    const send = (extra: string[]) => {
      const fixed = lines(extra).map((line) => (line.startsWith('Call-ID:') ? callId : line));
      return this.write(`${method} ${uri} SIP/2.0`, [this.via(), ...fixed, `CSeq: ${++this.cseq} ${method}`, 'Max-Forwards: 70'], body, type);
    };
    const first = send([]);
    const challenge = await this.receive(new RegExp(`^SIP/2.0 40[17][^]*CSeq: ${this.cseq} ${method}`));
    if (method === 'INVITE') {
      const via = first.split('\r\n').find((line) => line.startsWith('Via:'))!;
      const same = challenge.split('\r\n').filter((line) => /^(From|To|Call-ID):/i.test(line));
      this.write(`ACK ${uri} SIP/2.0`, [via, ...same, `CSeq: ${this.cseq} ACK`, 'Max-Forwards: 70']);
    }
    return send([this.authorization(challenge, method, uri)]);
  }

  /** Digest of RFC 7616 with qop=auth, and the algorithm that was asked for. */
  private authorization(challenge: string, method: string, uri: string): string {
    const proxy = challenge.startsWith('SIP/2.0 407');
    const offered = header(challenge, proxy ? 'Proxy-Authenticate' : 'WWW-Authenticate')!;
    const value = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(offered)![1];
    const algorithm = /algorithm="?([\w-]+)/.exec(offered)?.[1] ?? 'MD5';
    const hash = (text: string) => createHash(algorithm.replace('-', '')).update(text).digest('hex');
    const [realm, nonce, cnonce] = [value('realm'), value('nonce'), randomBytes(8).toString('hex')];
    const secret = hash(`${this.extension}:${realm}:${account(this.extension).password}`);
    const response = hash(`${secret}:${nonce}:00000001:${cnonce}:auth:${hash(`${method}:${uri}`)}`);
    return (
      `${proxy ? 'Proxy-Authorization' : 'Authorization'}: Digest username="${this.extension}", realm="${realm}", ` +
      `nonce="${nonce}", uri="${uri}", algorithm=${algorithm}, qop=auth, nc=00000001, cnonce="${cnonce}", response="${response}"`
    );
  }

  private write(start: string, headers: string[], body = '', kind = 'application/sdp'): string {
    const type = body ? [`Content-Type: ${kind}`] : [];
    const message = [start, ...headers, ...type, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
    this.socket.send(message, this.kamailio.sipPort, '127.0.0.1');
    return message;
  }

  private via(): string {
    return `Via: SIP/2.0/UDP 127.0.0.1:${this.port};branch=z9hG4bK${randomBytes(8).toString('hex')};rport`;
  }

  private get address(): string {
    return account(this.extension).address;
  }

  private get contact(): string {
    return `Contact: <sip:${this.extension}@127.0.0.1:${this.port}>`;
  }

  private get port(): number {
    return (this.socket.address() as AddressInfo).port;
  }
}

/** A session that a browser accepts, with nobody at its candidate. */
export function sdp(options: { setup?: 'actpass' | 'active' } = {}): string {
  const fingerprint = randomBytes(32).toString('hex').toUpperCase().match(/../g)!.join(':');
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'c=IN IP4 127.0.0.1',
    'a=candidate:1 1 udp 2113937151 127.0.0.1 9 typ host',
    'a=ice-ufrag:peer',
    `a=ice-pwd:${randomBytes(12).toString('hex')}`,
    `a=fingerprint:sha-256 ${fingerprint}`,
    `a=setup:${options.setup ?? 'active'}`,
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:111 opus/48000/2',
    '',
  ].join('\r\n');
}
