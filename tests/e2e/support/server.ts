import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const run = promisify(execFile);

/** What a telephone signs in at. */
export interface SipServer {
  readonly name: string;
  /** What goes into the box "WebSocket server". */
  readonly url: string;
  /** Where it speaks SIP over UDP on 127.0.0.1. */
  readonly sipPort: number;
  /** The contact addresses registered for an extension. */
  contacts(extension: string): Promise<string[]>;
  /** Has an extension free for the next test: the page that was registered there is closed. */
  forget(extension: string): Promise<void>;
  start(): Promise<void>;
  log(): Promise<string>;
}

/** A server in `tests/servers/` that this process runs: on free loopback ports, its files in a folder of its own. */
export abstract class Server {
  private readonly env: NodeJS.ProcessEnv;
  private guard?: ChildProcess;
  private running = false;

  protected constructor(
    readonly name: string,
    protected readonly runDir: string,
    settings: Record<string, string | number | undefined>,
  ) {
    const env = Object.entries(settings).map(([key, value]) => [key, String(value ?? '')]);
    this.env = { ...process.env, ...Object.fromEntries(env), RUN_DIR: runDir };
  }

  /** Starts what `create` makes; twice again, as another process may have taken a port in between. */
  protected static async launchEach<S extends Server>(create: (runDir: string) => Promise<S>): Promise<S> {
    const runDir = await mkdtemp(join(tmpdir(), 'webphone-e2e-'));
    for (let attempt = 1; ; attempt++) {
      const server = await create(runDir);
      try {
        await server.start();
        return server;
      } catch (error) {
        if (attempt === 3) throw error;
      }
    }
  }

  /** Starts it again, on the same ports, where it does not run. */
  async start(): Promise<void> {
    if (this.running) return;
    await this.script('start.sh').catch((error) => {
      throw new Error(error.stderr?.trim() || error.message);
    });
    this.running = true;
    // The guard waits for its standard input to close, which it does even when this process is killed.
    if (this.guard) return;
    this.guard = spawn('sh', ['-c', 'cat >/dev/null; "$0"', this.path('stop.sh')], {
      env: this.env,
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.guard.unref();
  }

  async stop(): Promise<void> {
    await this.script('stop.sh');
    this.running = false;
  }

  /** Stops it for good and leaves nothing behind. */
  async dispose(): Promise<void> {
    await this.stop();
    this.guard?.stdin?.end();
  }

  /** What it wrote to its log; empty while it is stopped. */
  log(): Promise<string> {
    return readFile(join(this.runDir, 'log'), 'utf8').catch(() => '');
  }

  protected script(file: string, ...args: string[]) {
    return run(this.path(file), args, { env: this.env });
  }

  private path(file: string): string {
    return join(import.meta.dirname, '../../servers', this.name, file);
  }
}
