import { expect, type Page } from '@playwright/test';

export interface SipMessage {
  sent: boolean;
  text: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** The SIP messages of a page's WebSockets, and when it opened each. */
export class SipTrace {
  readonly messages: SipMessage[] = [];
  /** When each WebSocket was opened, milliseconds since the epoch. */
  readonly sockets: number[] = [];

  /** Before the page is loaded. No driver but Chromium's shows frames, so the page's own WebSocket tells of them. */
  async follow(page: Page): Promise<void> {
    await page.exposeBinding('sipTrace', (_, at: number, text?: string, sent?: boolean) => {
      if (text === undefined) this.sockets.push(at);
      else this.messages.push({ sent: !!sent, text, at });
    });
    await page.addInitScript(tapSockets);
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

  async expectReceived(start: RegExp, count = 1, timeout?: number): Promise<void> {
    await expect
      .poll(() => this.received(start).length, { message: `the page should receive ${count} × ${start}`, timeout })
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

declare global {
  interface Window {
    sipTrace(at: number, text?: string, sent?: boolean): Promise<void>;
  }
}

/** Runs in the page before its own scripts. */
function tapSockets(): void {
  const { sipTrace } = window;
  const tell = (data?: unknown, sent?: boolean) => {
    const text = data === undefined || typeof data === 'string' ? data : new TextDecoder().decode(data as BufferSource);
    sipTrace(Date.now(), text, sent).catch(() => {}); // The page is going.
  };
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      tell();
      this.addEventListener('message', ({ data }) => tell(data, false));
    }

    send(data: string | BufferSource): void {
      super.send(data);
      tell(data, true);
    }
  };
}
