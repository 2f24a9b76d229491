import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { SipServer } from './server';

/** A server as a telephone reaches it: through the test, which can cut the way and let it hang. */
export class Line implements SipServer {
  /** Milliseconds that everything takes to pass, in each direction. */
  delay = 0;
  private readonly pairs = new Set<[Socket, Socket]>();
  private isCut = false;
  private isDeaf = false;
  private awaited?: { words: RegExp; arrived: () => void };

  private constructor(
    private readonly server: SipServer,
    private readonly listener: Server,
  ) {
    listener.on('connection', (near) => (this.isCut ? near.destroy() : this.join(near)));
  }

  static async to(server: SipServer, host = '127.0.0.1'): Promise<Line> {
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, host, resolve));
    return new Line(server, listener);
  }

  get name() { return this.server.name; }
  get sipPort() { return this.server.sipPort; }
  get url() {
    const { address, port } = this.listener.address() as AddressInfo;
    return `ws://${address}:${port}`;
  }
  contacts(extension: string) { return this.server.contacts(extension); }
  forget(extension: string) { return this.server.forget(extension); }
  start() { return this.server.start(); }
  log() { return this.server.log(); }

  /** Ends all connections, and each new one, for so long. */
  async cut(milliseconds: number): Promise<void> {
    this.isCut = true;
    this.end();
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    this.isCut = false;
  }

  /** Nothing passes any more by the connections that there are, and none of the two ends is told. */
  hang(): void {
    for (const pair of this.pairs) {
      for (const socket of pair) socket.removeAllListeners('data').resume();
    }
  }

  /** The server takes connections, and what it says by them is lost, until this is taken back. */
  deafen(deaf: boolean): void {
    this.isDeaf = deaf;
  }

  /** Ends all connections just before this message of the server's would pass, and each new one for so long. */
  async cutBefore(words: RegExp, milliseconds: number): Promise<void> {
    await new Promise<void>((arrived) => (this.awaited = { words, arrived }));
    await this.cut(milliseconds);
  }

  close(): void {
    this.listener.close();
    this.end();
  }

  private isLost(said: string): boolean {
    if (!this.awaited?.words.test(said)) return this.isCut || (this.isDeaf && !said.startsWith('HTTP/'));
    this.isCut = true;
    this.awaited.arrived();
    this.awaited = undefined;
    return true;
  }

  private end(): void {
    for (const pair of this.pairs) {
      for (const socket of pair) socket.destroy();
    }
    this.pairs.clear();
  }

  private join(near: Socket): void {
    const far = createConnection({ host: '127.0.0.1', port: Number(new URL(this.server.url).port) });
    const pair: [Socket, Socket] = [near, far];
    this.pairs.add(pair);
    for (const [from, to] of [pair, [far, near]]) {
      from.on('data', (data) => {
        for (const frame of from === far ? frames(data) : [data]) {
          // A server does not mask what it says.
          if (from === far && this.isLost(frame.toString('latin1'))) continue;
          if (this.delay) setTimeout(() => to.write(frame), this.delay);
          else to.write(frame);
        }
      });
      from.on('error', () => {}); // Its end follows.
      from.on('close', () => {
        to.destroy();
        this.pairs.delete(pair);
      });
    }
  }
}

/** What a server sends in one go, frame by frame (RFC 6455 §5.2); as it is where it does not begin with one. */
function frames(data: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let rest = data; rest.length > 0; ) {
    const short = rest[1] ?? 0;
    const [header, length] = short === 126 && rest.length > 3 ? [4, rest.readUInt16BE(2)] : [2, short];
    const whole = rest[0] >= 0x80 && rest[0] <= 0x8a && short < 127;
    const end = whole ? Math.min(header + length, rest.length) : rest.length;
    found.push(rest.subarray(0, end));
    rest = rest.subarray(end);
  }
  return found;
}
