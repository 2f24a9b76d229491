import { expect, test as base, type Browser, type BrowserContext, type BrowserContextOptions, type TestInfo } from '@playwright/test';
import { writeFile } from 'node:fs/promises';
import { Asterisk } from './asterisk';
import { browserTypes, launchOptions, typeInFront, type BrowserName, type Circumstances } from './browser';
import { Coturn, type CoturnOptions } from './coturn';
import { configure, hum, installEars } from './ears';
import { Kamailio, account, type KamailioOptions } from './kamailio';
import { lastWords } from './last-words';
import type { Language } from './names';
import { Phone, type Kind } from './phone';
import { PlainPeer } from './plain-peer';
import { freePort } from './ports';
import { Rtpengine } from './rtpengine';
import type { SipServer } from './server';
import { Site } from './site';
import { UdpPeer } from './udp-peer';
import { Wire } from './wire';

export { expect };

/** Set NEAR_END=jssip to try the tests themselves with JsSIP in the place of our page. */
export const nearEnd: Kind = process.env.NEAR_END === 'jssip' ? 'jssip' : 'webphone';

export interface OpenOptions extends BrowserContextOptions {
  kind?: Kind;
  /** The query of the page's address; English unless told. */
  query?: string;
  /** Another server than `home`. */
  server?: SipServer;
  /** Another web server than the worker's. */
  site?: Site;
  /** Another browser than the project's: `otherBrowser`, or one of `startBrowser`. */
  browser?: Browser;
  /** Runs in the page before its own scripts. */
  before?: () => void;
  /** What whoever hosts the page has written into its `<meta>` elements. */
  meta?: Record<string, string>;
  /** The test moves the page's clock: `phone.page.clock`. It begins with now, or with this time. */
  clock?: boolean | Date;
  /** The tone that is hummed before the microphone, in hertz; the browser's own unless told. */
  pitch?: number;
  /** The host name in the page's address; 127.0.0.1 unless told. */
  host?: string;
  /** The language in which the page is expected. */
  language?: Language;
}

/** Opens telephones, each in a browser context of its own, and closes them after the test. */
export class Phones {
  private readonly contexts: BrowserContext[] = [];
  private readonly opened: { phone: Phone; server: SipServer }[] = [];
  /** What the pages' policy has kept them from. */
  private violations: string[] = [];

  constructor(
    private readonly browser: Browser,
    private readonly home: SipServer,
    private readonly site: Site,
    /** The browser of all telephones but 1001, the one that is tested; that of 1001 unless told. */
    private readonly farBrowser = browser,
  ) {}

  /** A page at its sign-in screen. */
  async open(extension: string, options: OpenOptions = {}): Promise<Phone> {
    const { kind: _, query: __, server: ___, before: ____, meta: ________, site: _________, language: _____, host: ______, pitch: _______, clock: __________, browser = extension === '1001' ? this.browser : this.farBrowser, ...context } = options;
    // Most tests ask what the page itself does; the worker answers for files that they may want to be missing.
    const created = await browser.newContext({ serviceWorkers: 'block', ...granted(browser), ...context });
    this.contexts.push(created);
    return this.openIn(created, extension, options);
  }

  /** A page in a browser context that exists already. */
  async openIn(context: BrowserContext, extension: string, options: OpenOptions = {}): Promise<Phone> {
    const { kind = nearEnd, query = 'lang=en', server = this.home, site = this.site, before, meta, pitch, language, clock, host = '127.0.0.1' } = options;
    const page = await context.newPage();
    if (context.browser()!.browserType() === browserTypes.firefox) typeInFront(page);
    const phone = new Phone(page, kind, extension, await Wire.to(server.url, new URL(site.url).hostname), language);
    await phone.sip.follow(page);
    if (kind === nearEnd) {
      await page.addInitScript(tellViolations);
      page.on('console', (message) => {
        if (message.text().startsWith(VIOLATED)) this.violations.push(message.text());
      });
    }
    await page.addInitScript(installEars);
    if (clock) await page.clock.install(clock === true ? {} : { time: clock });
    if (pitch) await page.addInitScript(hum, pitch);
    if (before) await page.addInitScript(before);
    if (meta) await page.addInitScript(configure, meta);
    this.opened.push({ phone, server });
    const url = site.url.replace('127.0.0.1', host);
    const response = await page.goto(`${url}/${kind === 'jssip' ? 'jssip/' : ''}${query && `?${query}`}`);
    if (!response?.ok()) throw new Error(await response?.text());
    return phone;
  }

  /** A page that is signed in. */
  async signIn(extension: string, options: OpenOptions = {}): Promise<Phone> {
    const phone = await this.open(extension, options);
    await phone.signInAtOnce({ ...account(extension), server: phone.wire.url });
    return phone;
  }

  /** What the pages' policy has kept them from until now, where a test wants that. */
  takeViolations(): string[] {
    const taken = this.violations;
    this.violations = [];
    return taken;
  }

  async close(info: TestInfo): Promise<void> {
    const servers = new Set([this.home, ...this.opened.map(({ server }) => server)]);
    if (info.status !== info.expectedStatus) {
      const logs = await Promise.all([...servers].map(async (server) => ({ name: server.name, log: await server.log() })));
      await info.attach('last words', { body: lastWords(this.opened.map(({ phone }) => phone), logs) });
      for (const [index, { phone }] of this.opened.entries()) {
        await writeFile(info.outputPath(`${index + 1} ${phone}.sip.txt`), phone.sip.toString());
      }
    }
    for (const server of servers) await keepLog(info, server);
    for (const context of this.contexts) await context.close();
    for (const { phone } of this.opened) phone.wire.close();
    for (const server of servers) await server.start(); // A test may have stopped it.
    for (const { phone, server } of this.opened) {
      await server.forget(phone.extension);
    }
    expect(this.violations, 'the page should want nothing that its policy forbids').toEqual([]);
  }
}

const VIOLATED = 'against the policy of the page:';

function tellViolations(): void {
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber, sample }) => {
    // Firefox's driver evaluates scripts of its own in the page, which itself cannot.
    if (decodeURIComponent(sourceFile).endsWith(' > eval')) return;
    console.error('against the policy of the page:', violatedDirective, blockedURI, `${sourceFile}:${lineNumber}`, sample);
  });
}

/** Browsers whose user refuses the microphone. */
const refusing = new WeakSet<Browser>();

/** Before a page may use the microphone, Chromium tells it only one of the addresses of this computer: none of loopback. */
function granted(browser: Browser): BrowserContextOptions {
  return browser.browserType() === browserTypes.chromium && !refusing.has(browser) ? { permissions: ['microphone'] } : {};
}

async function launch(name: BrowserName, circumstances?: Circumstances): Promise<Browser> {
  const browser = await browserTypes[name].launch(launchOptions(name, circumstances));
  if (circumstances?.microphone === 'refused') refusing.add(browser);
  return browser;
}

/** Leaves a server's log with what a failed test leaves. */
async function keepLog(info: TestInfo, server: Pick<SipServer, 'name' | 'log'>): Promise<void> {
  if (info.status !== info.expectedStatus) await writeFile(info.outputPath(`${server.name}.log.txt`), await server.log());
}

interface TestFixtures {
  phones: Phones;
  /** Where telephones sign in unless told: the worker's Kamailio here, the scripted server in tests of the page alone. */
  home: SipServer;
  /** Starts one more of the project's browser, with something unusual about it. */
  startBrowser: (circumstances?: Circumstances) => Promise<Browser>;
  /** Registers a scripted SIP peer over UDP. */
  udpPeer: (extension: string, server?: Kamailio) => Promise<UdpPeer>;
  /** Starts a STUN and TURN server for the test. */
  startCoturn: (options?: CoturnOptions) => Promise<Coturn>;
  /** Starts a Kamailio with other settings for the test. */
  startKamailio: (options: KamailioOptions) => Promise<Kamailio>;
  /** A PBX. It and what follows start with the first test of a worker that asks for them. */
  asterisk: Asterisk;
  /** Another Kamailio, joined to the telephone network with rtpengine. */
  gateway: Kamailio;
  /** The telephone network, which Asterisk and the gateway reach by its numbers: they begin with "+". */
  plainPeer: PlainPeer;
}

/** What a project of `playwright.config.ts` may set. */
export interface Options {
  /** `chromium` has all telephones but 1001 in Chromium. */
  farEnds: 'alike' | 'chromium';
}

interface WorkerFixtures extends Options {
  farBrowser: Browser | undefined;
  /** Firefox where the project is Chromium, and Chromium where it is Firefox. */
  otherBrowser: Browser;
  kamailio: Kamailio;
  site: Site;
  /** Where the telephone network is, or will be. */
  trunk: number;
  theAsterisk: Asterisk;
  theGateway: Kamailio;
  thePlainPeer: PlainPeer;
  rtpengine: Rtpengine;
}

/** A server may take its time to start; that is not the test's. */
const patience = 120_000;

export const test = base.extend<TestFixtures, WorkerFixtures>({
  farEnds: ['alike', { scope: 'worker', option: true }],
  farBrowser: [
    async ({ farEnds }, use) => {
      const browser = farEnds === 'chromium' ? await launch('chromium') : undefined;
      await use(browser);
      await browser?.close();
    },
    { scope: 'worker', timeout: patience },
  ],
  otherBrowser: [
    async ({ browserName }, use) => {
      const browser = await launch(browserName === 'firefox' ? 'chromium' : 'firefox');
      await use(browser);
      await browser.close();
    },
    { scope: 'worker', timeout: patience },
  ],
  kamailio: [
    async ({}, use) => {
      const kamailio = await Kamailio.launch();
      await use(kamailio);
      await kamailio.dispose();
    },
    { scope: 'worker', timeout: patience },
  ],
  theGateway: [
    async ({ thePlainPeer, rtpengine }, use) => {
      const gateway = await Kamailio.launch({ trunk: { peer: thePlainPeer, rtpengine } });
      await use(gateway);
      await gateway.dispose();
    },
    { scope: 'worker', timeout: patience },
  ],
  rtpengine: [
    async ({}, use) => {
      const rtpengine = await Rtpengine.launch();
      await use(rtpengine);
      await rtpengine.dispose();
    },
    { scope: 'worker', timeout: patience },
  ],
  trunk: [async ({}, use) => use(await freePort(PlainPeer.host)), { scope: 'worker' }],
  thePlainPeer: [
    async ({ trunk }, use) => {
      const peer = await PlainPeer.launch(trunk);
      await use(peer);
      await peer.dispose();
    },
    { scope: 'worker', timeout: patience },
  ],
  gateway: async ({ theGateway, rtpengine }, use, info) => {
    await use(theGateway);
    await keepLog(info, rtpengine);
  },
  plainPeer: async ({ thePlainPeer }, use, info) => {
    await use(thePlainPeer);
    await keepLog(info, thePlainPeer);
    await thePlainPeer.reset();
  },
  theAsterisk: [
    async ({ trunk }, use) => {
      const asterisk = await Asterisk.launch(`${PlainPeer.host}:${trunk}`);
      await use(asterisk);
      await asterisk.dispose();
    },
    { scope: 'worker', timeout: patience },
  ],
  asterisk: async ({ theAsterisk }, use) => {
    await use(theAsterisk);
    await theAsterisk.reset();
  },
  site: [
    async ({}, use) => {
      const site = await Site.open();
      await use(site);
      await site.close();
    },
    { scope: 'worker', timeout: patience },
  ],
  startBrowser: async ({ browserName }, use) => {
    const started: Browser[] = [];
    await use(async (circumstances) => {
      const browser = await launch(browserName as BrowserName, circumstances);
      started.push(browser);
      return browser;
    });
    for (const browser of started) await browser.close();
  },
  // The servers and browsers of a test outlive its pages, which leave them in good order.
  phones: async ({ browser, farBrowser, home, site, startKamailio: _, startBrowser: __, startCoturn: ___ }, use, info) => {
    const phones = new Phones(browser, home, site, farBrowser);
    await use(phones);
    await phones.close(info);
  },
  home: async ({ kamailio }, use) => use(kamailio),
  udpPeer: async ({ kamailio }, use) => {
    const peers: UdpPeer[] = [];
    await use(async (extension, server = kamailio) => {
      const peer = await UdpPeer.register(server, extension);
      peers.push(peer);
      return peer;
    });
    for (const peer of peers) await peer.close();
  },
  startCoturn: async ({}, use, info) => {
    const started: Coturn[] = [];
    await use(async (options) => {
      const coturn = await Coturn.launch(options);
      started.push(coturn);
      return coturn;
    });
    for (const coturn of started) {
      await keepLog(info, coturn);
      await coturn.dispose();
    }
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
