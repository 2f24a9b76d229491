import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The ways into the network that a computer may have. */
export type Way = 'wifi' | 'mobile';
const ways: Way[] = ['wifi', 'mobile'];

/**
 * A computer of its own (a network namespace) with two ways to this one, of which it uses one at a time: addresses and routes
 * change as they do for who leaves the house. Nothing else can be reached from it. It needs root.
 */
export class Network {
  private constructor(
    private readonly name: string,
    private readonly folder: string,
    private readonly subnet: number,
  ) {}

  /** Whether this computer lets one be made. */
  static async canBeMade(): Promise<boolean> {
    try {
      const network = await Network.make();
      await network.dispose();
      return true;
    } catch {
      return false;
    }
  }

  static async make(): Promise<Network> {
    const subnet = 1 + (process.pid % 100);
    const folder = await mkdtemp(join(tmpdir(), 'webphone-network-'));
    const network = new Network(`webphone-${process.pid}`, folder, subnet);
    await network.build();
    return network;
  }

  /** Where this computer is reached, whichever way is used. */
  get host(): string {
    return `10.99.${this.subnet}.1`;
  }

  /** A program that runs another one on that computer. */
  async launcher(program: string): Promise<string> {
    const path = join(this.folder, 'launcher');
    await writeFile(path, `#!/bin/sh\nexec ip netns exec ${this.name} ${program} "$@"\n`);
    await chmod(path, 0o755);
    return path;
  }

  /** Uses this way and no other, or none. */
  async use(way?: Way): Promise<void> {
    for (const [index, each] of ways.entries()) {
      if (each === way) continue;
      await this.inside('link', 'set', `wp${index}`, 'down');
    }
    if (!way) return;
    const index = ways.indexOf(way);
    await this.inside('link', 'set', `wp${index}`, 'up');
    await this.inside('route', 'replace', 'default', 'via', this.address(index, 1));
  }

  async dispose(): Promise<void> {
    await run('ip', ['netns', 'del', this.name]).catch(() => {});
    for (const index of ways.keys()) await run('ip', ['link', 'del', this.outer(index)]).catch(() => {});
    await run('ip', ['addr', 'del', `${this.host}/32`, 'dev', 'lo']).catch(() => {});
    await rm(this.folder, { recursive: true, force: true });
  }

  private async build(): Promise<void> {
    await this.dispose().catch(() => {}); // What a test that was killed has left.
    await run('mkdir', ['-p', this.folder]);
    await run('ip', ['addr', 'add', `${this.host}/32`, 'dev', 'lo']);
    await run('ip', ['netns', 'add', this.name]);
    await this.inside('link', 'set', 'lo', 'up');
    for (const index of ways.keys()) {
      await run('ip', ['link', 'add', this.outer(index), 'type', 'veth', 'peer', 'name', `wp${index}`, 'netns', this.name]);
      await run('ip', ['addr', 'add', `${this.address(index, 1)}/24`, 'dev', this.outer(index)]);
      await run('ip', ['link', 'set', this.outer(index), 'up']);
      await this.inside('addr', 'add', `${this.address(index, 2)}/24`, 'dev', `wp${index}`);
    }
    await this.use('wifi');
  }

  private inside(...command: string[]): Promise<unknown> {
    return run('ip', ['-n', this.name, ...command]);
  }

  private outer(index: number): string {
    return `wp${process.pid}-${index}`;
  }

  private address(index: number, end: number): string {
    return `10.99.${101 + ((this.subnet + index * 50) % 150)}.${end}`;
  }
}
