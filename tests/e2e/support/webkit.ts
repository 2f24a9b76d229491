import { expect } from '@playwright/test';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './ports';
import { Server } from './server';

/** WebKitGTK as Debian builds it: the engine of Safari, without WebRTC. Playwright cannot drive it; W3C WebDriver can. */
export class WebKit extends Server {
  private constructor(
    runDir: string,
    private readonly port: number,
  ) {
    super('webkit', runDir, { PORT: port });
  }

  static launch(): Promise<WebKit> {
    return Server.launchEach(async (runDir) => new WebKit(runDir, await freePort()));
  }

  /** A window of its own. A driver has one at a time. */
  async open(url: string): Promise<WebKitPage> {
    const driver = `http://127.0.0.1:${this.port}`;
    const options = { binary: await miniBrowser(), args: ['--automation'] };
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } };
    const { sessionId } = await command<{ sessionId: string }>('POST', `${driver}/session`, { capabilities });
    const page = new WebKitPage(`${driver}/session/${sessionId}`);
    await page.goto(url);
    return page;
  }
}

/** A page, used by the names that its controls show or tell. */
export class WebKitPage {
  constructor(private readonly session: string) {}

  async goto(url: string): Promise<void> {
    await command('POST', `${this.session}/url`, { url });
  }

  close(): Promise<void> {
    return command('DELETE', this.session);
  }

  /** What a script returns: `evaluate('return document.title')`. */
  evaluate<T>(script: string, ...args: unknown[]): Promise<T> {
    return command('POST', `${this.session}/execute/sync`, { script, args });
  }

  async screenshot(): Promise<Buffer> {
    return Buffer.from(await command<string>('GET', `${this.session}/screenshot`), 'base64');
  }

  async click(name: string): Promise<void> {
    await command('POST', `${this.session}/element/${await this.control(name)}/click`, {});
  }

  /** `\n` is the Enter key. */
  async type(name: string, text: string): Promise<void> {
    const keys = text.replace('\n', '\uE007');
    await command('POST', `${this.session}/element/${await this.control(name)}/value`, { text: keys });
  }

  /** Waits until the page shows this. */
  async expectShows(text: string | RegExp): Promise<void> {
    const shown = () => this.evaluate<string>('return document.body.innerText');
    const message = `WebKit should show ${text}`;
    if (typeof text === 'string') await expect.poll(shown, { message }).toContain(text);
    else await expect.poll(shown, { message }).toMatch(text);
  }

  /** The driver's name for a control that can be used, as soon as there is one. */
  private async control(name: string): Promise<string> {
    let found: Record<string, string> | null = null;
    await expect
      .poll(async () => (found = await this.evaluate(findControl, name)), { message: `WebKit should show "${name}"` })
      .not.toBeNull();
    return Object.values(found!)[0];
  }
}

const findControl = `
  const name = (element) => (element.ariaLabel || element.labels?.[0]?.innerText || element.innerText || '').trim();
  return [...document.querySelectorAll('button, input, textarea')]
    .find((element) => element.checkVisibility() && !element.disabled && name(element) === arguments[0]) ?? null`;

/** Debian keeps it where no PATH leads, in a folder named after its version. */
async function miniBrowser(): Promise<string> {
  const libraries = '/usr/lib/x86_64-linux-gnu'.replace('x86_64', process.arch === 'arm64' ? 'aarch64' : 'x86_64');
  const versions = (await readdir(libraries)).filter((name) => /^webkit2gtk-4\.\d$/.test(name));
  if (!versions.length) throw new Error(`There is no webkit2gtk-4.x in ${libraries} (Debian: apt-get install webkit2gtk-driver).`);
  return join(libraries, versions.sort().at(-1)!, 'MiniBrowser');
}

async function command<T = void>(method: string, url: string, body?: object): Promise<T> {
  const response = await fetch(url, { method, body: body && JSON.stringify(body) });
  const { value } = (await response.json()) as { value: T };
  if (!response.ok) throw new Error(`${method} ${url}: ${JSON.stringify(value)}`);
  return value;
}
