import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './ports';
import { Server } from './server';

/** The secret of `servers/coturn/turnserver.conf`. */
const secret = 'demo-turn-secret';

export interface CoturnOptions {
  /** It is not reached over UDP. */
  tcpOnly?: boolean;
}

/** A login as a site of TURN credentials gives it out (draft-uberti-behave-turn-rest). */
export interface Grant {
  username: string;
  password: string;
  ttl: number;
  uris: string[];
}

/** What a relay session carried, as coturn counts it at the session's end. */
export interface Session {
  username: string;
  received: number;
  sent: number;
}

/** A STUN and TURN server of our own on a free loopback port. */
export class Coturn extends Server {
  private constructor(
    runDir: string,
    readonly port: number,
    options: CoturnOptions,
  ) {
    super('coturn', runDir, { TURN_PORT: port, TCP_ONLY: options.tcpOnly ? 1 : undefined });
  }

  static launch(options: CoturnOptions = {}): Promise<Coturn> {
    return Server.launchEach(async (runDir) => new Coturn(runDir, await freePort(), options));
  }

  /** Its address, over UDP or TCP. */
  uri(transport: 'udp' | 'tcp', port = this.port): string {
    return `turn:127.0.0.1:${port}?transport=${transport}`;
  }

  /** A login that is good for `ttl` seconds; one that is below zero was. */
  grant(user: string, uris: string[], ttl = 600): Grant {
    const username = `${Math.floor(Date.now() / 1000) + ttl}:${user}`;
    return { username, password: createHmac('sha1', secret).update(username).digest('base64'), ttl: Math.abs(ttl), uris };
  }

  /** The sessions that have ended. */
  async sessions(): Promise<Session[]> {
    const log = await this.log();
    const ends = log.matchAll(/usage: .*username=<([^>]*)>, rp=\d+, rb=(\d+), sp=\d+, sb=(\d+)/g);
    return [...ends].map(([, username, received, sent]) => ({ username, received: Number(received), sent: Number(sent) }));
  }
}

/** Something that listens until it is closed. */
export interface Listening {
  readonly port: number;
  close(): void;
}

/** A UDP socket that swallows whatever comes. */
export async function swallowUdp(): Promise<Listening> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { port: socket.address().port, close: () => socket.close() };
}

/** A TCP listener that accepts and never speaks. */
export function swallowTcp(): Promise<Listening> {
  return listen(() => {});
}

/** A way to a TCP port of this machine on which the first bytes take `delay` milliseconds. */
export function slowTcp(port: number, delay: number): Promise<Listening> {
  return listen(async (near) => {
    await pause(delay);
    const far = connect(port, '127.0.0.1');
    far.on('error', () => near.destroy());
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.pipe(far).pipe(near);
  });
}

async function listen(handle: (socket: Socket) => void): Promise<Listening> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port: (server.address() as AddressInfo).port, close };
}
