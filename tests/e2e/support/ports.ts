import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/**
 * A port that is free for TCP and UDP on loopback. It lies below the range that outgoing connections use (32768 and
 * up): nothing takes it while a stopped server is about to come back.
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if ((await tcpIsFree(host, port)) && (await udpIsFree(host, port))) return port;
  }
  throw new Error('No free port was found on loopback between 20000 and 32000.');
}

/** The ports for media of servers that take them from a range, another one for each worker. */
export function mediaPorts(): string {
  const first = 10_000 + 1_000 * (Number(process.env.TEST_PARALLEL_INDEX ?? 0) % 10);
  return `${first}-${first + 999}`;
}

function tcpIsFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function udpIsFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(false));
    socket.bind({ port, address: host, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}
