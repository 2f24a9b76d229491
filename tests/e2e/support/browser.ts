import { chromium, firefox, type BrowserType, type LaunchOptions, type Locator, type Page } from '@playwright/test';

export type BrowserName = 'chromium' | 'firefox';

export const browserTypes: Record<BrowserName, BrowserType> = { chromium, firefox };

/** What is unlike the usual in a browser that a test starts for itself. */
export interface Circumstances {
  /** The user refuses it, or this computer has none. */
  microphone?: 'refused' | 'missing';
  /** No page plays before it is touched. */
  autoplay?: 'blocked';
  /** A host name that leads to 127.0.0.1. */
  host?: string;
  /** Runs the program that it is given: Chromium's. */
  launcher?: string;
  /** A page that gets what pages from the own computer get. */
  trusted?: string;
}

/** Chromium without what makes a window, which takes half of the time of the whole. */
const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell';
/** The whole, which has questions to its user and several ways into the network. */
export const wholeChromiumPath = process.env.WHOLE_CHROMIUM ?? '/usr/bin/chromium';

/** A browser without a window, with a microphone, and with media over loopback. */
export function launchOptions(browser: BrowserName, circumstances: Circumstances = {}): LaunchOptions {
  return browser === 'firefox' ? firefoxOptions(circumstances) : chromiumOptions(circumstances);
}

/** The lists that its address bar opens are pages of their own, two for each window: a third of the time of all tests. */
const chromiumWithout = ['WebRtcHideLocalIpsWithMdns', 'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'];

/** Its microphone beeps for 0.1 s at a time. */
function chromiumOptions({ microphone, autoplay, host, launcher, trusted }: Circumstances): LaunchOptions {
  const whole = launcher ?? (microphone === 'refused' ? wholeChromiumPath : undefined);
  return {
    headless: false, // The switch is given by hand: Playwright would start another binary.
    channel: undefined,
    executablePath: whole ?? chromiumPath,
    args: [
      whole ? '--headless=new' : '--headless',
      '--no-sandbox',
      microphone === 'refused' ? '--deny-permission-prompts' : '--use-fake-ui-for-media-stream',
      microphone === 'missing' ? '--disable-audio-input' : '--use-fake-device-for-media-stream',
      ...(autoplay ? [] : ['--autoplay-policy=no-user-gesture-required']),
      '--allow-loopback-in-peer-connection',
      `--disable-features=${chromiumWithout.join()}`,
      '--mute-audio',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      ...(trusted ? [`--unsafely-treat-insecure-origin-as-secure=${trusted}`] : []),
      ...(host ? [`--host-resolver-rules=MAP ${host} 127.0.0.1`] : []),
    ],
  };
}

/** Debian's own, driven by WebDriver BiDi. Its microphone sounds without a break, at 440 Hz. */
function firefoxOptions({ microphone, autoplay, host }: Circumstances): LaunchOptions {
  return {
    headless: true,
    channel: 'moz-firefox',
    executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    args: [],
    // Whatever plays sound has a monitor that can be recorded: a microphone for Firefox.
    env: { ...process.env, PULSE_SERVER: microphone === 'missing' ? 'none' : process.env.E2E_PULSE_SERVER },
    firefoxUserPrefs: {
      'media.navigator.streams.fake': microphone !== 'missing',
      'media.navigator.permission.disabled': microphone !== 'refused',
      ...(microphone === 'refused' ? { 'permissions.default.microphone': 2 } : {}),
      'media.autoplay.default': autoplay ? 1 : 0,
      'media.peerconnection.ice.loopback': true,
      'media.peerconnection.ice.obfuscate_host_addresses': false,
      'ui.prefersReducedMotion': 1, // The driver cannot set it for a page.
      ...(host ? { 'network.dns.localDomains': host } : {}),
    },
  };
}

/** Firefox has a key press no button of a window that is behind another: whoever types in one brings it to the front. */
export function typeInFront(page: Page): void {
  for (const name of ['press', 'type', 'down'] as const) {
    const type = page.keyboard[name].bind(page.keyboard);
    page.keyboard[name] = async (text: string, options?: { delay?: number }) => {
      await page.bringToFront();
      await type(text, options);
    };
  }
  const locators = Object.getPrototypeOf(page.locator('html')) as Locator;
  if (locators.press.name === 'pressInFront') return;
  const press = locators.press;
  locators.press = async function pressInFront(this: Locator, key, options) {
    await this.page().bringToFront();
    await press.call(this, key, options);
  };
}
