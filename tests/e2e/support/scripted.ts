import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { isRight } from './digest';
import { account } from './kamailio';
import { Peer } from './peer';
import type { SipServer } from './server';
import { header } from './sip-trace';

const domain = 'webphone.test';
/** What stands in our Via, and in the contacts of peers. */
const host = 'scripted.invalid';

/** Numbers with a fixed outcome, the same as `make run`'s Kamailio has. */
const outcomes: Record<string, string[]> = {
  2403: ['403 Forbidden'],
  2404: ['404 Not Found'],
  2408: ['180 Ringing', '408 Request Timeout'],
  2480: ['480 Temporarily Unavailable'],
  2486: ['486 Busy Here'],
  2500: ['500 Server Internal Error'],
  2503: ['503 Service Unavailable'],
  2603: ['603 Decline'],
};

/** A socket or a peer, and the address of the telephone there where a number was asked for; or the server's own answers. */
type Target = { to: string; uri?: string } | { statuses: string[] };

/**
 * A SIP server in the process of the test, for tests of what the page shows and does: a registrar, and a proxy without a
 * memory (RFC 3261 §16.11) between the pages that are registered and peers that do what the test scripts. One thread and no
 * timer: things happen in the order in which the test has them happen. Its accounts are those of Kamailio, 1001 to 1009.
 */
export class ScriptedServer implements SipServer {
  readonly name = 'scripted';
  readonly domain = domain;
  readonly sipPort = 0;
  /** The shortest registration that is taken and the longest that is granted, in seconds. */
  minExpires = 0;
  maxExpires = 3600;
  private listener?: WebSocketServer;
  private readonly sockets = new Map<string, WebSocket>();
  private readonly peers = new Map<string, ScriptedPeer>();
  /** The contact of each extension that is registered, the last one last, and by which socket it came. */
  private contactsOf = new Map<string, Map<string, string>>();
  private readonly nonce = randomBytes(8).toString('hex');
  private port = 0;
  private count = 0;

  private constructor() {}

  static async open(): Promise<ScriptedServer> {
    const server = new ScriptedServer();
    await server.start();
    return server;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** Listens, on the port that it had before; it knows no registration from then. */
  async start(): Promise<void> {
    if (this.listener) return;
    const listener = new WebSocketServer({ host: '127.0.0.1', port: this.port, handleProtocols: (offered) => offered.has('sip') && 'sip' });
    await new Promise<void>((resolve, reject) => listener.once('listening', resolve).once('error', reject));
    this.port = (listener.address() as AddressInfo).port;
    listener.on('connection', (socket) => this.welcome(socket));
    this.listener = listener;
  }

  /** Ends all connections and takes no more. */
  async stop(): Promise<void> {
    const { listener } = this;
    this.listener = undefined;
    this.contactsOf.clear();
    for (const socket of this.sockets.values()) socket.terminate();
    if (listener) await new Promise((resolve) => listener.close(resolve));
  }

  async contacts(extension: string): Promise<string[]> {
    return [...(this.contactsOf.get(extension)?.keys() ?? [])];
  }

  /** It is another one for each test. */
  async forget(): Promise<void> {}

  /** The traces of the pages have all of it. */
  async log(): Promise<string> {
    return '';
  }

  /** A scripted telephone at an extension: what is sent there reaches nobody else. 1008 is the mailbox, too. */
  peer(extension: string): ScriptedPeer {
    const peer = new ScriptedPeer(extension, (message) => this.pass(message, `peer-${extension}`));
    this.peers.set(extension, peer);
    return peer;
  }

  private welcome(socket: WebSocket): void {
    const id = String(++this.count);
    this.sockets.set(id, socket);
    socket.on('message', (data) => this.hear(String(data), id));
    socket.on('error', () => {}); // Its end follows.
    socket.on('close', () => {
      this.sockets.delete(id);
      for (const contacts of this.contactsOf.values()) for (const [uri, by] of contacts) if (by === id) contacts.delete(uri);
    });
  }

  private hear(message: string, from: string): void {
    if (message.trim() === '') {
      if (message === '\r\n\r\n') this.sockets.get(from)?.send('\r\n'); // RFC 5626 §4.4.1.
      return;
    }
    this.pass(message, from);
  }

  /** Answers a message of a socket or a peer, or leads it on. */
  private pass(message: string, from: string): void {
    if (message.startsWith('SIP/2.0 ')) return this.passAnswer(message);
    const [method, uri] = message.split(' ', 2);
    const reply = (status: string, headers: string[] = []) => this.tell(from, answer(message, status, headers));
    const user = /^sips?:(?:([^@;]+)@)?/.exec(uri)?.[1];
    const hostOf = /^sips?:(?:[^@;]+@)?([^;:>?]+)/.exec(uri)?.[1];
    if (hostOf === domain && !user) {
      if (method === 'REGISTER') return this.register(message, from, reply);
      return method === 'ACK' ? undefined : reply('200 OK');
    }
    const target = hostOf === domain ? this.find(decodeURIComponent(user!), message) : this.findContact(uri);
    if ('to' in target) return this.lead(message, from, target);
    if (method === 'ACK') return;
    if (method === 'CANCEL') return reply('481 Call/Transaction Does Not Exist');
    for (const status of target.statuses) reply(status);
  }

  /** Where a request to a number goes, or how it is answered. */
  private find(user: string, message: string): Target {
    const isMailbox = user === '*97' || /^SUBSCRIBE [^]*\r\nEvent: message-summary/.test(message);
    const extension = isMailbox ? '1008' : user;
    if (this.peers.has(extension)) return { to: `peer-${extension}` };
    const last = [...(this.contactsOf.get(extension)?.entries() ?? [])].at(-1);
    if (!isMailbox && last) return { to: last[1], uri: last[0] };
    if (isMailbox) return { statuses: [message.startsWith('SUBSCRIBE ') ? '489 Bad Event' : '404 Not Found'] };
    return { statuses: outcomes[user] ?? [password(user) === undefined ? '404 Not Found' : '480 Temporarily Unavailable'] };
  }

  /** Where a request goes that names a telephone and not a number: one within a dialog. */
  private findContact(uri: string): Target {
    const [, user, hostOf] = /^sips?:([^@;]+)@([^;:>?]+)/.exec(uri) ?? [];
    if (hostOf === host && this.peers.has(user)) return { to: `peer-${user}` };
    for (const contacts of this.contactsOf.values()) {
      for (const [contact, by] of contacts) if (contact.startsWith(`sip:${user}@${hostOf}`)) return { to: by };
    }
    return { statuses: [hostOf?.endsWith('.invalid') ? '480 Temporarily Unavailable' : '403 Forbidden'] };
  }

  private lead(message: string, from: string, { to, uri }: { to: string; uri?: string }): void {
    // By the branch that came, so that CANCEL and ACK follow their INVITE.
    const branch = /^Via:.*?;branch=([^;\s,]+)/im.exec(message)?.[1] ?? '';
    const own = `Via: SIP/2.0/WS ${host};branch=z9hG4bK${from}.${branch.replace(/^z9hG4bK/, '')}\r\n`;
    const started = message.indexOf('\r\n') + 2;
    const [method, asked] = message.split(' ', 2);
    this.tell(to, `${method} ${uri ?? asked} SIP/2.0\r\n${own}${message.slice(started)}`);
  }

  private passAnswer(message: string): void {
    const via = new RegExp(`^Via: SIP/2\\.0/WS ${host};branch=z9hG4bK([^.]+)\\.[^\\r]*\\r\\n`, 'im');
    const to = via.exec(message)?.[1];
    if (to) this.tell(to, message.replace(via, ''));
  }

  private register(request: string, from: string, reply: (status: string, headers?: string[]) => void): void {
    const extension = /<?sip:([^@;>]+)@/.exec(header(request, 'To')!)![1];
    const secret = password(extension);
    if (secret === undefined) return reply('404 Not Found');
    const login = header(request, 'Authorization');
    if (!login || !isRight('REGISTER', login, { user: extension, password: secret })) {
      return reply('401 Unauthorized', [`WWW-Authenticate: Digest realm="${domain}", nonce="${this.nonce}", qop="auth"`]);
    }
    const contact = header(request, 'Contact') ?? '';
    const uri = /<([^>]+)>/.exec(contact)?.[1];
    const asked = Number(/;expires=(\d+)/.exec(contact)?.[1] ?? header(request, 'Expires') ?? 600);
    if (asked > 0 && asked < this.minExpires) return reply('423 Interval Too Brief', [`Min-Expires: ${this.minExpires}`]);
    const expires = Math.min(asked, this.maxExpires);
    const contacts = this.contactsOf.get(extension) ?? new Map<string, string>();
    this.contactsOf.set(extension, contacts);
    if (contact === '*') contacts.clear();
    if (uri) contacts.delete(uri);
    if (uri && expires > 0) contacts.set(uri, from);
    reply('200 OK', [...contacts.keys()].map((each) => `Contact: <${each}>;expires=${each === uri ? expires : 3600}`));
  }

  private tell(to: string, message: string): void {
    if (to.startsWith('peer-')) this.peers.get(to.slice(5))?.hear(message);
    else this.sockets.get(to)?.send(message);
  }
}

/** A peer of the scripted server. */
export class ScriptedPeer extends Peer {
  constructor(
    extension: string,
    protected readonly send: (message: string) => void,
  ) {
    super(extension, domain);
  }

  hear(message: string): void {
    this.take(message);
  }

  protected async ask(method: string, uri: string, lines: string[], body?: string, type?: string): Promise<string> {
    return this.write(`${method} ${uri} SIP/2.0`, [this.via(), ...lines, `CSeq: ${++this.cseq} ${method}`, 'Max-Forwards: 70'], body, type);
  }

  protected via(): string {
    return `Via: SIP/2.0/WS ${this.extension}.invalid;branch=z9hG4bK${randomBytes(8).toString('hex')}`;
  }

  protected get contact(): string {
    return `Contact: <sip:${this.extension}@${host}>`;
  }
}

/** That of an account that there is. */
function password(extension: string): string | undefined {
  return /^100[1-9]$/.test(extension) ? account(extension).password : undefined;
}

/** The server's own answer. */
function answer(request: string, status: string, headers: string[]): string {
  const echoed = request.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq)\s*:/i.test(line));
  const to = header(request, 'To')!;
  const tag = /;tag=/.test(to) ? '' : `;tag=${randomBytes(4).toString('hex')}`;
  return [`SIP/2.0 ${status}`, ...echoed, `To: ${to}${tag}`, ...headers, 'Content-Length: 0', '', ''].join('\r\n');
}
