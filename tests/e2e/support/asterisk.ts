import { expect } from '@playwright/test';
import { readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, mediaPorts } from './ports';
import { Server, type SipServer } from './server';

export interface CallOptions {
  /** Who calls; the announcement 601 unless told. */
  name?: string;
  number?: string;
  /** The number that the answered telephone is connected with. */
  to?: string;
}

/** An Asterisk of our own on free loopback ports. What its numbers do stands in `servers/asterisk/conf/extensions.conf`. */
export class Asterisk extends Server implements SipServer {
  private calls = 0;

  private constructor(
    runDir: string,
    private readonly wsPort: number,
    readonly sipPort: number,
    trunk: string,
  ) {
    super('asterisk', runDir, { WS_PORT: wsPort, SIP_PORT: sipPort, TRUNK: trunk, RTP_PORTS: mediaPorts() });
  }

  /** `trunk` is the address and port of the telephone network. */
  static launch(trunk: string): Promise<Asterisk> {
    return Server.launchEach(async (runDir) => new Asterisk(runDir, await freePort(), await freePort(), trunk));
  }

  get url(): string {
    return `ws://127.0.0.1:${this.wsPort}/ws`;
  }

  /** What a command of the console says: `cli('core show channels')`. */
  async cli(command: string): Promise<string> {
    return (await this.script('cli.sh', command)).stdout;
  }

  async contacts(extension: string): Promise<string[]> {
    const shown = await this.cli(`pjsip show aor ${extension}`);
    return [...shown.matchAll(/^ +Contact: +\d+\/(\S+)/gm)].map((match) => match[1]);
  }

  /** It notices by itself that a WebSocket is closed, and forgets the contact. */
  async forget(extension: string): Promise<void> {
    await expect.poll(() => this.contacts(extension), `${extension} should be free again`).toEqual([]);
  }

  /** The names of the channels that are up: `PJSIP/1001-00000004`. */
  async channels(): Promise<string[]> {
    const shown = await this.cli('core show channels concise');
    const names = shown.split('\n').filter((line) => line.includes('!')).map((line) => line.split('!')[0]);
    return names.filter((name) => !name.startsWith('Message/')); // That one carries text messages, from the first on.
  }

  /** Calls an extension, or a number that calls one (`*901001`), and connects it with a number once it has answered. */
  async call(extension: string, { name = 'Announcements', number = '601', to = '601' }: CallOptions = {}): Promise<void> {
    const lines = [
      `Channel: Local/${extension}@phones/n`,
      `CallerID: "${name}" <${number}>`,
      'WaitTime: 40',
      'Context: phones',
      `Extension: ${to}`,
      'Priority: 1',
      '',
    ];
    const file = `${++this.calls}.call`;
    await writeFile(join(this.runDir, 'spool/tmp', file), lines.join('\n'));
    await rename(join(this.runDir, 'spool/tmp', file), join(this.runDir, 'spool/outgoing', file));
  }

  /** Leaves a short message in a mailbox and waits until it is there. */
  async leaveVoicemail(mailbox: string, caller: Omit<CallOptions, 'to'> = {}): Promise<void> {
    const { unheard } = await this.voicemail(mailbox);
    await this.call(`*70${mailbox}`, { ...caller, to: '615' });
    await expect
      .poll(async () => (await this.voicemail(mailbox)).unheard, { message: `there should be a new message for ${mailbox}` })
      .toBe(unheard + 1);
  }

  /** Waits until a caller has spoken for a second to a mailbox that still records. */
  async expectRecording(mailbox: string): Promise<void> {
    const folder = join(this.runDir, 'spool/voicemail/default', mailbox, 'tmp');
    const recorded = async () => {
      const files = await readdir(folder).catch(() => []);
      const sizes = files.filter((file) => file.endsWith('.wav')).map(async (file) => (await stat(join(folder, file))).size);
      return Math.max(0, ...(await Promise.all(sizes)));
    };
    await expect.poll(recorded, { message: `the mailbox ${mailbox} should record` }).toBeGreaterThan(16_000); // At 8 kHz.
  }

  /** How many messages are in a mailbox. */
  async voicemail(mailbox: string): Promise<{ unheard: number; heard: number }> {
    const folders = (await this.messages(mailbox)).map((message) => message.folder);
    return { unheard: folders.filter((folder) => folder === 'INBOX').length, heard: folders.filter((folder) => folder === 'Old').length };
  }

  /** Hangs up every call and empties the mailboxes. */
  async reset(): Promise<void> {
    if ((await this.channels()).length > 0) await this.cli('channel request hangup all');
    await expect.poll(() => this.channels(), { message: 'Asterisk should have no call' }).toEqual([]);
    const users = await this.cli('voicemail show users');
    for (const [, mailbox] of users.matchAll(/^default +(\d+) .* [1-9]\d*$/gm)) {
      for (const { folder, id } of await this.messages(mailbox)) await this.cli(`voicemail remove ${mailbox} default ${folder} ${id}`);
    }
  }

  private async messages(mailbox: string): Promise<{ folder: string; id: string }[]> {
    const shown = await this.cli(`voicemail show mailbox ${mailbox} default`);
    return [...shown.matchAll(/^(\w+) .* (\d+-[0-9a-f]+) *$/gm)].map(([, folder, id]) => ({ folder, id }));
  }
}
