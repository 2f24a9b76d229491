import { randomBytes } from 'node:crypto';
import { header } from './sip-trace';

/** So long is waited for a message. */
const patience = 30_000;

export interface Answer {
  /** The tag of the answering side, where the request has none yet. */
  tag?: string;
  sdp?: string;
  headers?: string[];
}

/** A SIP peer that does what a test scripts and nothing else: no timers, no retransmission. */
export abstract class Peer {
  private readonly inbox: string[] = [];
  private wakeUp = () => {};
  protected cseq = 0;
  protected readonly tag = randomBytes(8).toString('hex');

  protected constructor(
    readonly extension: string,
    protected readonly domain: string,
  ) {}

  /** The next message that begins like this; others stay for later calls. */
  async receive(start: RegExp): Promise<string> {
    const deadline = Date.now() + patience;
    for (;;) {
      const index = this.inbox.findIndex((message) => start.test(message));
      if (index >= 0) return this.inbox.splice(index, 1)[0];
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`The SIP peer ${this.extension} got no ${start} within ${patience} ms.`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wakeUp = () => (clearTimeout(timer), resolve());
      });
    }
  }

  /** Answers a request: `reply(invite, '180 Ringing', { tag: 'a' })`. */
  reply(request: string, status: string, { tag, sdp, headers = [] }: Answer = {}): void {
    const echoed = request.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq|Record-Route)\s*:/i.test(line));
    const to = header(request, 'To')!;
    const tagged = tag && !/;tag=/.test(to) ? `;tag=${tag}` : '';
    const contact = headers.some((line) => line.startsWith('Contact:')) ? [] : [this.contact];
    this.write(`SIP/2.0 ${status}`, [...echoed, `To: ${to}${tagged}`, ...contact, ...headers], sdp);
  }

  /** Tells the state of what a SUBSCRIBE asks for, which was accepted with this tag. */
  notify(subscribe: string, tag: string, cseq: number, event: string, type: string, body: string): void {
    const target = /<([^>]+)>/.exec(header(subscribe, 'Contact')!)![1];
    const lines = [
      this.via(),
      ...recordedRoutes(subscribe).map((route) => `Route: ${route}`),
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

  /** Sends an INVITE and gives the message as it was sent last. */
  async invite(target: string, sdp: string, displayName = ''): Promise<string> {
    return this.request('INVITE', target, [], sdp, undefined, displayName && `"${displayName}" `);
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

  /** Sends NOTIFY that nobody asked for and gives the final answer. */
  async notifyUnasked(target: string, event: string, body: string): Promise<string> {
    await this.request('NOTIFY', target, [`Event: ${event}`, 'Subscription-State: active'], body, `application/simple-${event}`);
    return this.receive(new RegExp(`^SIP/2.0 [2-6][^]*CSeq: ${this.cseq} NOTIFY`));
  }

  /** Sends a request outside of any dialog, but for its Via and CSeq as it stands here, and gives it as it was sent last. */
  protected abstract ask(method: string, uri: string, lines: string[], body?: string, type?: string): Promise<string>;

  protected abstract send(message: string): void;

  protected abstract via(): string;

  protected abstract get contact(): string;

  /** Has the message taken by whoever waits for it. */
  protected take(message: string): void {
    this.inbox.push(message);
    this.wakeUp();
  }

  protected write(start: string, headers: string[], body = '', kind = 'application/sdp'): string {
    const type = body ? [`Content-Type: ${kind}`] : [];
    const message = [start, ...headers, ...type, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
    this.send(message);
    return message;
  }

  protected get address(): string {
    return `${this.extension}@${this.domain}`;
  }

  private request(method: string, target: string, headers: string[], body: string, type?: string, name = ''): Promise<string> {
    const uri = `sip:${target}@${this.domain}`;
    const lines = [
      `From: ${name}<sip:${this.address}>;tag=${this.tag}`,
      `To: <${uri}>`,
      `Call-ID: ${randomBytes(8).toString('hex')}`,
      this.contact,
      ...headers,
    ];
    return this.ask(method, uri, lines, body, type);
  }

  private inDialog(method: string, invite: string, answer: string, cseq: number): void {
    const target = /<([^>]+)>/.exec(header(answer, 'Contact')!)![1];
    this.write(`${method} ${target} SIP/2.0`, [
      this.via(),
      ...recordedRoutes(answer).reverse().map((route) => `Route: ${route}`),
      `From: ${header(invite, 'From')}`,
      `To: ${header(answer, 'To')}`,
      `Call-ID: ${header(invite, 'Call-ID')}`,
      `CSeq: ${cseq} ${method}`,
      'Max-Forwards: 70',
    ]);
  }
}

function recordedRoutes(message: string): string[] {
  return [...message.matchAll(/^Record-Route:\s*(.*?)\s*$/gim)].flatMap((match) => match[1].split(/,\s*/));
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
