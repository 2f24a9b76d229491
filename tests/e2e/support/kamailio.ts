import { join } from 'node:path';
import type { PlainPeer } from './plain-peer';
import { freePort } from './ports';
import type { Rtpengine } from './rtpengine';
import { run, Server, type SipServer } from './server';

export interface KamailioOptions {
  /** A REGISTER that asks for fewer seconds gets 423. */
  minExpires?: number;
  /** The longest registration granted, in seconds. */
  maxExpires?: number;
  /** Challenge with SHA-256 instead of MD5. */
  sha256?: boolean;
  /** The telephone network, and what translates its media. */
  trunk?: { peer: PlainPeer; rtpengine: Rtpengine };
  /** Where it listens for SIP over UDP, and where another node of the same domain does. */
  ports?: { own: number; peer: number };
}

/** A Kamailio of our own on free loopback ports, with the configuration that `make run` uses. */
export class Kamailio extends Server implements SipServer {
  readonly domain = 'webphone.test';

  private constructor(
    runDir: string,
    readonly wsPort: number,
    readonly sipPort: number,
    options: KamailioOptions,
  ) {
    super('kamailio', runDir, {
      WS_PORT: wsPort,
      SIP_PORT: sipPort,
      MIN_EXPIRES: options.minExpires,
      MAX_EXPIRES: options.maxExpires,
      SHA256: options.sha256 ? 1 : undefined,
      RTPENGINE_PORT: options.trunk?.rtpengine.port,
      TRUNK: options.trunk?.peer.address,
      PEER_PORT: options.ports?.peer,
    });
  }

  static launch(options: KamailioOptions = {}): Promise<Kamailio> {
    return Server.launchEach(async (runDir) => new Kamailio(runDir, await freePort(), options.ports?.own ?? (await freePort()), options));
  }

  get url(): string {
    return `ws://127.0.0.1:${this.wsPort}`;
  }

  async contacts(extension: string): Promise<string[]> {
    const answer = await this.ask('ul.lookup', 'location', `s:${extension}`);
    return [...answer.matchAll(/^\s*Address: (.*)$/gm)].map((match) => match[1]);
  }

  /** At once: Kamailio itself looks once a second for connections that are closed. */
  async forget(extension: string): Promise<void> {
    await this.ask('ul.rm', 'location', `s:${extension}`);
  }

  /** Gives an account another password, until it is restarted. */
  async setPassword(extension: string, password: string): Promise<void> {
    await this.ask('htable.sets', 'password', `s:${extension}`, `s:${password}`);
  }

  /** The answer to a command; nothing where what it asks for is not there. */
  private async ask(...command: string[]): Promise<string> {
    const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
    const answer = await run('kamcmd', ['-s', `unix:${join(this.runDir, 'ctl')}`, ...command], { env }).catch((error) => {
      if (/error: 404/.test(error.stderr + error.stdout)) return { stdout: '' };
      throw new Error(`kamcmd ${command.join(' ')}: ${error.stderr || error.message}`);
    });
    return answer.stdout;
  }
}

/** An account that the configurations of Kamailio and Asterisk know. */
export function account(extension: string) {
  return { address: `${extension}@webphone.test`, password: `demo-${extension}` };
}
