import { expect, type Page } from '@playwright/test';

export interface SipMessage {
  sent: boolean;
  text: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** The SIP messages of a page's WebSockets, and when it opened each, as the browser's own inspector sees them. */
export class SipTrace {
  readonly messages: SipMessage[] = [];
  /** When each WebSocket was opened, milliseconds since the epoch. */
  readonly sockets: number[] = [];

  constructor(page: Page) {
    page.on('websocket', (socket) => {
      this.sockets.push(Date.now());
      const record = (sent: boolean) => (frame: { payload: string | Buffer }) => {
        this.messages.push({ sent, text: frame.payload.toString(), at: Date.now() });
      };
      socket.on('framesent', record(true));
      socket.on('framereceived', record(false));
    });
  }

  sent(start: RegExp): SipMessage[] {
    return this.messages.filter((message) => message.sent && start.test(message.text));
  }

  received(start: RegExp): SipMessage[] {
    return this.messages.filter((message) => !message.sent && start.test(message.text));
  }

  async expectSent(start: RegExp, count = 1): Promise<void> {
    await expect
      .poll(() => this.sent(start).length, { message: `the page should send ${count} × ${start}` })
      .toBeGreaterThanOrEqual(count);
  }

  async expectReceived(start: RegExp, count = 1): Promise<void> {
    await expect
      .poll(() => this.received(start).length, { message: `the page should receive ${count} × ${start}` })
      .toBeGreaterThanOrEqual(count);
  }

  toString(): string {
    return this.messages
      .map(({ sent, text, at }) => `${new Date(at).toISOString()} ${sent ? 'sent' : 'received'}\n${text}`)
      .join('\n');
  }
}

/** The value of a header's first appearance. */
export function header(text: string, name: string): string | undefined {
  return new RegExp(`^${name}\\s*:\\s*(.*?)\\s*$`, 'im').exec(text)?.[1];
}
