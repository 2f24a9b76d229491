import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './ports';

const run = promisify(execFile);
const scripts = join(import.meta.dirname, '../../servers/kamailio');

export interface KamailioOptions {
  /** A REGISTER that asks for fewer seconds gets 423. */
  minExpires?: number;
  /** The longest registration granted, in seconds. */
  maxExpires?: number;
  /** Challenge with SHA-256 instead of MD5. */
  sha256?: boolean;
}

/** A Kamailio of our own on free loopback ports, with the configuration that `make run` uses. */
export class Kamailio {
  readonly domain = 'webphone.test';
  private guard?: ChildProcess;
  private running = false;

  private constructor(
    readonly wsPort: number,
    readonly sipPort: number,
    private readonly runDir: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  static async launch(options: KamailioOptions = {}): Promise<Kamailio> {
    const runDir = await mkdtemp(join(tmpdir(), 'webphone-e2e-'));
    for (let attempt = 1; ; attempt++) {
      const [wsPort, sipPort] = [await freePort(), await freePort()];
      const kamailio = new Kamailio(wsPort, sipPort, runDir, {
        ...process.env,
        RUN_DIR: runDir,
        WS_PORT: String(wsPort),
        SIP_PORT: String(sipPort),
        MIN_EXPIRES: options.minExpires?.toString() ?? '',
        MAX_EXPIRES: options.maxExpires?.toString() ?? '',
        SHA256: options.sha256 ? '1' : '',
      });
      try {
        await kamailio.start();
        return kamailio;
      } catch (error) {
        if (attempt === 3) throw error; // Twice another process may have taken the port in between.
      }
    }
  }

  /** What goes into the box "WebSocket server". */
  get url(): string {
    return `ws://127.0.0.1:${this.wsPort}`;
  }

  /** Starts it again, on the same ports, where it does not run. */
  async start(): Promise<void> {
    if (this.running) return;
    await run(join(scripts, 'start.sh'), { env: this.env }).catch((error) => {
      throw new Error(error.stderr.trim() || error.message);
    });
    this.running = true;
    // The guard waits for its standard input to close, which it does even when this process is killed.
    if (this.guard) return;
    this.guard = spawn('sh', ['-c', 'cat >/dev/null; "$0"', join(scripts, 'stop.sh')], {
      env: this.env,
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.guard.unref();
  }

  async stop(): Promise<void> {
    await run(join(scripts, 'stop.sh'), { env: this.env });
    this.running = false;
  }

  /** Stops it for good and leaves nothing behind. */
  async dispose(): Promise<void> {
    await this.stop();
    this.guard?.stdin?.end();
  }

  /** The contact addresses registered for an extension. */
  async contacts(extension: string): Promise<string[]> {
    const command = ['-s', `unix:${join(this.runDir, 'ctl')}`, 'ul.lookup', 'location', `s:${extension}`];
    const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
    const answer = await run('kamcmd', command, { env }).catch((error) => {
      if (/error: 404/.test(error.stderr + error.stdout)) return { stdout: '' };
      throw new Error(`kamcmd ${command.join(' ')}: ${error.stderr || error.message}`);
    });
    return [...answer.stdout.matchAll(/^\s*Address: (.*)$/gm)].map((match) => match[1]);
  }

  /** What it wrote to its log; empty while it is stopped. */
  log(): Promise<string> {
    return readFile(join(this.runDir, 'log'), 'utf8').catch(() => '');
  }
}

/** An account that the configuration knows. */
export function account(extension: string) {
  return { address: `${extension}@webphone.test`, password: `demo-${extension}` };
}
