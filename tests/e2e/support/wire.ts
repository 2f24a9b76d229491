import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import WebSocket, { WebSocketServer } from 'ws';

/** A message that has passed. */
export interface Passed {
  /** By the page. */
  sent: boolean;
  text: string;
  /** Milliseconds since the epoch, by the clock of the test. */
  at: number;
  /** The address of the server. */
  server: string;
}

interface Pair {
  page: WebSocket;
  server: WebSocket;
  /** What carries the two. */
  sockets: Duplex[];
  /** What is held while it is stalled. */
  held: (() => void)[];
}

const settings = { perMessageDeflate: false, autoPong: false };

/**
 * The way between a telephone and its server, which leads through the test: it tells what passes, in one order for all
 * telephones, and can be cut, stalled, delayed and left hanging. Pings, closing codes and refused connections pass as they
 * come.
 */
export class Wire {
  /** What has passed, by whichever connection. */
  readonly passed: Passed[] = [];
  /** Milliseconds that everything takes to pass, in each direction. */
  delay = 0;
  private readonly upgrades = new WebSocketServer({ noServer: true, ...settings, handleProtocols: (offered) => offered.has('sip') && 'sip' });
  private readonly pairs = new Set<Pair>();
  private isCut = false;
  private isDeaf = false;
  private isStalled = false;
  private awaited?: { words: RegExp; arrived: () => void };

  private constructor(private readonly ends: { listener: Server; server: string }[]) {
    for (const { listener, server } of ends) {
      listener.on('upgrade', (request, socket, head) => this.connect(server, request, socket, head));
    }
  }

  /** `servers` are the addresses of one or more servers, separated by spaces, as the sign-in form takes them. */
  static async to(servers: string, host = '127.0.0.1'): Promise<Wire> {
    const ends = servers.split(' ').map(async (server) => {
      const listener = createServer((_, response) => response.writeHead(404).end());
      await new Promise<void>((resolve) => listener.listen(0, host, resolve));
      return { listener, server };
    });
    return new Wire(await Promise.all(ends));
  }

  /** What goes into the box "WebSocket server". */
  get url(): string {
    const urls = this.ends.map(({ listener, server }) => {
      const { address, port } = listener.address() as AddressInfo;
      const url = new URL(server);
      return `ws://${address}:${port}${url.pathname === '/' ? '' : url.pathname}`;
    });
    return urls.join(' ');
  }

  /** The address of the server that has registered the telephone last. */
  registrar(): string | undefined {
    return this.passed.findLast(({ sent, text }) => !sent && /^SIP\/2\.0 200 [^]*\r\nCSeq: *\d+ +REGISTER\r\n/i.test(text))?.server;
  }

  /** Ends all connections, and each new one until it is mended. */
  cut(): void {
    this.isCut = true;
    this.end();
  }

  mend(): void {
    this.isCut = false;
  }

  async cutFor(milliseconds: number): Promise<void> {
    this.cut();
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    this.mend();
  }

  /** Cuts it just before this message of the server's would pass, for so long. */
  async cutBefore(words: RegExp, milliseconds: number): Promise<void> {
    await new Promise<void>((arrived) => (this.awaited = { words, arrived }));
    await this.cutFor(milliseconds);
  }

  /** Holds what comes, in both directions, until it is to go on; nothing is lost. */
  stall(isStalled: boolean): void {
    this.isStalled = isStalled;
    if (isStalled) return;
    for (const pair of this.pairs) for (const pass of pair.held.splice(0)) pass();
  }

  /** Nothing passes any more by the connections that there are, and none of the two ends is told. */
  hang(): void {
    for (const { sockets } of this.pairs) {
      // The protocol itself does not answer any more, not even to a closing frame.
      for (const socket of sockets) socket.removeAllListeners('data').resume();
    }
  }

  /** The server takes connections, and what it says by them is lost, until this is taken back. */
  deafen(deaf: boolean): void {
    this.isDeaf = deaf;
  }

  close(): void {
    for (const { listener } of this.ends) listener.close();
    this.end();
  }

  private end(): void {
    for (const { page, server } of this.pairs) {
      page.terminate();
      server.terminate();
    }
    this.pairs.clear();
  }

  /** The page is let in once the server has, and turned away where it was. */
  private connect(address: string, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    if (this.isCut) return void socket.destroy();
    const server = new WebSocket(address, 'sip', settings);
    const sockets = [socket];
    server.on('error', () => socket.destroy());
    server.once('upgrade', (response) => sockets.push(response.socket));
    server.once('open', () => {
      if (this.isCut || socket.destroyed) return void (server.terminate(), socket.destroy());
      this.upgrades.handleUpgrade(request, socket, head, (page) => this.join({ page, server, sockets, held: [] }, address));
    });
  }

  private join(pair: Pair, address: string): void {
    this.pairs.add(pair);
    const { page, server } = pair;
    for (const [from, to] of [[page, server], [server, page]]) {
      const sent = from === page;
      from.on('message', (data, isBinary) => {
        const text = String(data);
        if (!sent && this.isLost(text)) return;
        this.pass(pair, () => {
          this.passed.push({ sent, text, at: Date.now(), server: address });
          to.send(data, { binary: isBinary });
        });
      });
      from.on('ping', (data) => this.pass(pair, () => to.ping(data)));
      from.on('pong', (data) => this.pass(pair, () => to.pong(data)));
      from.on('error', () => {}); // Its end follows.
      from.on('close', (code, reason) => {
        this.pairs.delete(pair);
        // A connection that was lost, or ended without a code, has none that could be said.
        if (code === 1006) to.terminate();
        else if (code === 1005) to.close();
        else to.close(code, reason);
      });
    }
  }

  private pass(pair: Pair, pass: () => void): void {
    const inOrder = () => {
      if (pair.page.readyState === WebSocket.OPEN && pair.server.readyState === WebSocket.OPEN) pass();
    };
    if (this.isStalled) pair.held.push(inOrder);
    else if (this.delay) setTimeout(inOrder, this.delay);
    else inOrder();
  }

  private isLost(said: string): boolean {
    if (!this.awaited?.words.test(said)) return this.isDeaf;
    const { arrived } = this.awaited;
    this.awaited = undefined;
    this.cut();
    arrived();
    return true;
  }
}
