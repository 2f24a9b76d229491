import { expect } from '@playwright/test';
import { readdir, readFile, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { freePort, mediaPorts } from './ports';
import { Server, type SipServer } from './server';
import { energy, seconds } from './sound-file';

/** What the peer's control connection tells of a call. */
interface CallEvent {
  type: string;
  id?: string;
  peeruri?: string;
  /** The reason of CALL_CLOSED, the digit of CALL_DTMF_START. */
  param?: string;
}

/** The telephone network: a plain SIP/UDP telephone with plain RTP. It says a steady 440 Hz and records what it hears. */
export class PlainPeer extends Server {
  static readonly host = '127.0.0.2';
  /** The number that answers at once. */
  readonly answering = '+34910000001';
  /** The number that rings until `answer()`. Calls to telephones come from `answering`. */
  readonly ringing = '+34910000002';
  /** The pitch of what it says. */
  readonly pitch = 440;
  private control?: Control;

  private constructor(
    runDir: string,
    private readonly sipPort: number,
    private readonly controlPort: number,
  ) {
    super('baresip', runDir, { SIP_PORT: sipPort, CONTROL_PORT: controlPort, RTP_PORTS: mediaPorts() });
  }

  /** `sipPort` is free on 127.0.0.2: servers know the telephone network by it before it runs. */
  static launch(sipPort: number): Promise<PlainPeer> {
    return Server.launchEach(async (runDir) => new PlainPeer(runDir, sipPort, await freePort(PlainPeer.host)));
  }

  override async start(): Promise<void> {
    await super.start();
    this.control ??= await Control.open(this.controlPort);
  }

  override async stop(): Promise<void> {
    this.control?.close();
    this.control = undefined;
    await super.stop();
  }

  /** Its SIP address and port. */
  get address(): string {
    return `${PlainPeer.host}:${this.sipPort}`;
  }

  /** Calls an extension through a server. */
  async dial(extension: string, server: SipServer): Promise<void> {
    await this.command(this.answering, 'dial', `sip:${extension}@127.0.0.1:${server.sipPort}`);
  }

  /** Answers the call that rings. */
  async answer(): Promise<void> {
    await this.command(this.ringing, 'accept');
  }

  /** Ends its call, or declines the one that rings. */
  async hangUp(): Promise<void> {
    for (const number of [this.answering, this.ringing]) await this.command(number, 'hangup');
  }

  /** Ends every call and forgets what has happened. */
  async reset(): Promise<void> {
    for (let left = this.connection.calls.size; left > 0; left--) await this.hangUp();
    await this.expectNoCall();
    this.connection.forget();
    // The recording of a call to come is not mistaken for that of one before.
    const folder = join(this.runDir, 'sound');
    for (const name of await readdir(folder)) await rm(join(folder, name));
  }

  async expectIncoming(caller: string | RegExp): Promise<void> {
    await this.expectEvent('CALL_INCOMING', `${this} should be called by ${caller}`, (event) =>
      typeof caller === 'string' ? !!event.peeruri?.includes(caller) : caller.test(event.peeruri ?? ''),
    );
  }

  async expectRinging(): Promise<void> {
    await this.expectEvent('CALL_RINGING', `${this} should learn that the other side rings`);
  }

  async expectInCall(): Promise<void> {
    await this.expectEvent('CALL_ESTABLISHED', `${this} should be in a call`);
  }

  /** The call is over; the reason is the status line of a refusal. */
  async expectEnded(reason: RegExp = /./): Promise<void> {
    await this.expectEvent('CALL_CLOSED', `${this} should have its call ended with ${reason}`, (event) => reason.test(event.param ?? ''));
  }

  async expectNoCall(): Promise<void> {
    await expect.poll(() => this.connection.calls.size, { message: `${this} should have no call` }).toBe(0);
  }

  /** Waits until the digits, sent as RFC 4733 events, have arrived in this order. */
  async expectDigits(digits: string): Promise<void> {
    await expect
      .poll(() => this.connection.events.filter((event) => event.type === 'CALL_DTMF_START').map((event) => event.param).join(''), {
        message: `${this} should receive the digits ${digits}`,
      })
      .toBe(digits);
  }

  /** The energy of all that it has heard in its last call: squared level times seconds, as `totalAudioEnergy` of a browser. */
  async heardEnergy(): Promise<number> {
    return energy(await this.recording());
  }

  /** Waits for two seconds of what it records in which there is nothing: what was said before may still be on its way. */
  async expectSilence(): Promise<void> {
    const heard = async () => {
      const [start, before] = [seconds(await this.recording()), await this.heardEnergy()];
      await expect
        .poll(async () => seconds(await this.recording()) - start, { message: `${this} should record what it hears` })
        .toBeGreaterThan(2);
      return (await this.heardEnergy()) - before;
    };
    await expect.poll(heard, { message: `${this} should hear nothing for two seconds` }).toBeLessThan(0.0001);
  }

  /** Waits until sound of the other side arrives. */
  async expectHears(): Promise<void> {
    const before = await this.heardEnergy();
    await expect
      .poll(async () => (await this.heardEnergy()) - before, { message: `${this} should hear the other side` })
      .toBeGreaterThan(0.001);
  }

  override toString(): string {
    return 'The telephone network';
  }

  private async expectEvent(type: string, message: string, matches: (event: CallEvent) => boolean = () => true): Promise<void> {
    await expect
      .poll(() => this.connection.events.some((event) => event.type === type && matches(event)), { message })
      .toBe(true);
  }

  /** What it hears in its last call, as far as it is written. */
  private async recording(): Promise<Buffer> {
    const folder = join(this.runDir, 'sound');
    const newest = (await readdir(folder)).filter((name) => name.endsWith('-dec.wav')).sort().at(-1);
    return newest ? readFile(join(folder, newest)) : Buffer.alloc(0);
  }

  private async command(number: string, command: string, params?: string): Promise<void> {
    await this.connection.command('uafind', `sip:${number}@${this.address}`);
    await this.connection.command(command, params);
  }

  private get connection(): Control {
    if (!this.control) throw new Error('The telephone network does not run.');
    return this.control;
  }
}

/** The connection that baresip is controlled by (its module ctrl_tcp): JSON in netstrings, commands to it and events from it. */
class Control {
  readonly events: CallEvent[] = [];
  /** The calls that are not over. */
  readonly calls = new Set<string>();
  private readonly waiting = new Map<string, (answer: { ok: boolean; data: string }) => void>();
  private unread = Buffer.alloc(0);
  private commands = 0;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (data) => this.read(data));
    socket.on('error', () => {}); // A command in vain says so.
  }

  static open(port: number): Promise<Control> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: PlainPeer.host });
      socket.once('error', reject);
      socket.once('connect', () => resolve(new Control(socket)));
    });
  }

  close(): void {
    this.socket.destroy();
  }

  forget(): void {
    this.events.length = 0;
  }

  async command(command: string, params = ''): Promise<void> {
    const token = String(++this.commands);
    const text = JSON.stringify({ command, params, token });
    const answer = await new Promise<{ ok: boolean; data: string }>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`The telephone network does not answer to ${command}.`)), 30_000);
      this.waiting.set(token, (value) => (clearTimeout(timer), resolve(value)));
      this.socket.write(`${Buffer.byteLength(text)}:${text},`);
    });
    this.waiting.delete(token);
    if (!answer.ok) throw new Error(`The telephone network refuses ${command}: ${answer.data}`);
  }

  private read(data: Buffer): void {
    this.unread = Buffer.concat([this.unread, data]);
    for (;;) {
      const colon = this.unread.indexOf(':');
      if (colon < 0) return;
      const end = colon + 1 + Number(this.unread.toString('latin1', 0, colon));
      if (this.unread.length <= end) return;
      const message = JSON.parse(this.unread.toString('utf8', colon + 1, end));
      this.unread = this.unread.subarray(end + 1);
      if (message.response) this.waiting.get(message.token)?.(message);
      else if (message.event) this.happened(message);
    }
  }

  private happened(event: CallEvent): void {
    this.events.push(event);
    if (!event.id || !event.type.startsWith('CALL_')) return;
    if (event.type === 'CALL_CLOSED') this.calls.delete(event.id);
    else this.calls.add(event.id);
  }
}
