import { test as base, type Browser, type BrowserContext, type BrowserContextOptions, type TestInfo } from '@playwright/test';
import { writeFile } from 'node:fs/promises';
import { hum, installEars } from './ears';
import { Kamailio, account, type KamailioOptions } from './kamailio';
import type { Language } from './names';
import { Phone, type Kind } from './phone';
import { Site } from './site';
import { UdpPeer } from './udp-peer';

export { expect } from '@playwright/test';

/** Set NEAR_END=jssip to try the tests themselves with JsSIP in the place of our page. */
export const nearEnd: Kind = process.env.NEAR_END === 'jssip' ? 'jssip' : 'webphone';

export interface OpenOptions extends BrowserContextOptions {
  kind?: Kind;
  /** The query of the page's address; English unless told. */
  query?: string;
  /** Another Kamailio than the worker's. */
  server?: Kamailio;
  browser?: Browser;
  /** Runs in the page before its own scripts. */
  before?: () => void;
  /** The tone that is hummed before the microphone, in hertz; Chromium's beeps unless told. */
  pitch?: number;
  /** The host name in the page's address; 127.0.0.1 unless told. */
  host?: string;
  /** The language in which the page is expected. */
  language?: Language;
}

/** Opens telephones, each in a browser context of its own, and closes them after the test. */
export class Phones {
  private readonly contexts: BrowserContext[] = [];
  private readonly opened: Phone[] = [];

  constructor(
    private readonly browser: Browser,
    private readonly kamailio: Kamailio,
    private readonly site: Site,
  ) {}

  /** A page at its sign-in screen. */
  async open(extension: string, options: OpenOptions = {}): Promise<Phone> {
    const { kind: _, query: __, server: ___, before: ____, language: _____, host: ______, pitch: _______, browser = this.browser, ...context } = options;
    const created = await browser.newContext(context);
    this.contexts.push(created);
    return this.openIn(created, extension, options);
  }

  /** A page in a browser context that exists already. */
  async openIn(context: BrowserContext, extension: string, options: OpenOptions = {}): Promise<Phone> {
    const { kind = nearEnd, query = 'lang=en', before, pitch, language, host = '127.0.0.1' } = options;
    const page = await context.newPage();
    await page.addInitScript(installEars);
    if (pitch) await page.addInitScript(hum, pitch);
    if (before) await page.addInitScript(before);
    const phone = new Phone(page, kind, extension, language);
    this.opened.push(phone);
    const url = this.site.url.replace('127.0.0.1', host);
    const response = await page.goto(`${url}/${kind === 'jssip' ? 'jssip/' : ''}${query && `?${query}`}`);
    if (!response?.ok()) throw new Error(await response?.text());
    return phone;
  }

  /** A page that is signed in. */
  async signIn(extension: string, options: OpenOptions = {}): Promise<Phone> {
    const phone = await this.open(extension, options);
    const server = options.server ?? this.kamailio;
    await phone.signIn({ ...account(extension), server: server.url });
    return phone;
  }

  async close(info: TestInfo): Promise<void> {
    if (info.status !== info.expectedStatus) {
      for (const [index, phone] of this.opened.entries()) {
        await writeFile(info.outputPath(`${index + 1} ${phone}.sip.txt`), phone.sip.toString());
      }
      await writeFile(info.outputPath('kamailio.log.txt'), await this.kamailio.log());
    }
    for (const context of this.contexts) await context.close();
    await this.kamailio.start(); // A test may have stopped it.
    for (const { extension } of this.opened) {
      await base.expect.poll(() => this.kamailio.contacts(extension), `${extension} should be free again`).toEqual([]);
    }
  }
}

interface TestFixtures {
  phones: Phones;
  /** Registers a scripted SIP peer over UDP. */
  udpPeer: (extension: string, server?: Kamailio) => Promise<UdpPeer>;
  /** Starts a Kamailio with other settings for the test. */
  startKamailio: (options: KamailioOptions) => Promise<Kamailio>;
}

interface WorkerFixtures {
  kamailio: Kamailio;
  site: Site;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  kamailio: [
    async ({}, use) => {
      const kamailio = await Kamailio.launch();
      await use(kamailio);
      await kamailio.dispose();
    },
    { scope: 'worker' },
  ],
  site: [
    async ({}, use) => {
      const site = await Site.open();
      await use(site);
      await site.close();
    },
    { scope: 'worker' },
  ],
  phones: async ({ browser, kamailio, site }, use, info) => {
    const phones = new Phones(browser, kamailio, site);
    await use(phones);
    await phones.close(info);
  },
  udpPeer: async ({ kamailio }, use) => {
    const peers: UdpPeer[] = [];
    await use(async (extension, server = kamailio) => {
      const peer = await UdpPeer.register(server, extension);
      peers.push(peer);
      return peer;
    });
    for (const peer of peers) await peer.close();
  },
  startKamailio: async ({}, use) => {
    const started: Kamailio[] = [];
    await use(async (options) => {
      const kamailio = await Kamailio.launch(options);
      started.push(kamailio);
      return kamailio;
    });
    for (const kamailio of started) await kamailio.dispose();
  },
});

/** Runs the same tests with our own page and with JsSIP at the far end. */
export function withEachFarEnd(tests: (far: Kind) => void): void {
  for (const far of ['webphone', 'jssip'] as const) {
    test.describe(`with ${far === 'jssip' ? 'JsSIP' : 'WebPhone'} at the far end`, () => tests(far === 'jssip' ? far : nearEnd));
  }
}
