import type { Locator } from '@playwright/test';
import { expect, test } from '../../support/page';
import type { Phone } from '../../support/phone';
import { quietButton, settingsButton } from '../../support/talk';

const rows = (phone: Phone): Locator => phone.page.getByRole('region', { name: 'Would a call ring now?' }).getByRole('listitem');
const row = (phone: Phone, words: RegExp): Locator => rows(phone).filter({ hasText: words });
const light = (phone: Phone): Locator => phone.page.getByRole('status').and(phone.page.locator('[data-state]'));

/** Runs in the page before its own scripts: the system's notifications, which nobody sees here, are kept. */
function keepNotifications(): void {
  const shown: string[] = [];
  Object.assign(window, { shown });
  window.Notification = class extends EventTarget {
    static permission = 'granted';
    onclick: (() => void) | null = null;
    constructor(readonly title: string) {
      super();
      shown.push(title);
      Object.assign(window, { pressed: () => this.onclick?.() });
    }
    close() { shown.splice(shown.indexOf(this.title), 1); }
  } as unknown as typeof Notification;
}

const shown = (phone: Phone) => phone.page.evaluate(() => (window as unknown as { shown: string[] }).shown);

test('one place says whether a call would ring, and what stands in the way', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await expect(light(alice)).toHaveAttribute('data-state', 'connected');
  await light(alice).click();
  await expect(rows(alice)).toHaveCount(5);
  for (const words of [/provider can reach/, /Calls are welcome/, /may ring/]) {
    await expect(row(alice, words)).toHaveAttribute('data-met', 'yes');
  }
  await quietButton(alice).click();
  await expect(row(alice, /nobody can call you/)).toHaveAttribute('data-met', 'no');
  await quietButton(alice).click();
  await expect(row(alice, /Calls are welcome/)).toHaveAttribute('data-met', 'yes');
  const cut = alice.wire.cutFor(3_000);
  await expect(row(alice, /No line/)).toHaveAttribute('data-met', 'no');
  await cut;
  await expect(row(alice, /provider can reach/)).toHaveAttribute('data-met', 'yes');
});

test('a microphone that is blocked shows in the light before anybody calls', async ({ phones, browserName }) => {
  test.skip(browserName === 'firefox', 'no driver blocks the microphone of a page in Firefox before the page asks for it');
  const alice = await phones.signIn('1001');
  const page = await alice.page.context().newCDPSession(alice.page);
  const { targetInfo } = await page.send('Target.getTargetInfo');
  const browser = await alice.page.context().browser()!.newBrowserCDPSession();
  const { browserContextId } = targetInfo;
  await browser.send('Browser.setPermission', { permission: { name: 'microphone' }, setting: 'denied', browserContextId });
  await expect(light(alice)).toHaveAttribute('data-state', 'limited');
  await settingsButton(alice).click();
  await expect(row(alice, /microphone is blocked/)).toHaveAttribute('data-met', 'no');
  await browser.send('Browser.setPermission', { permission: { name: 'microphone' }, setting: 'granted', browserContextId });
  await expect(row(alice, /microphone is allowed/)).toHaveAttribute('data-met', 'yes');
  await expect(light(alice)).toHaveAttribute('data-state', 'connected');
});

test('who looks at another page is told who calls, until it rings no more', async ({ phones }) => {
  const alice = await phones.signIn('1001', { before: keepNotifications });
  const bob = await phones.signIn('1002');
  await bob.call('1001');
  await alice.expectIncoming('1002');
  expect(await shown(alice)).toEqual([]);
  await alice.page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await expect.poll(() => shown(alice)).toEqual([expect.stringContaining('1002')]);
  await bob.hangUp();
  await expect.poll(() => shown(alice)).toEqual([]);
});

test('the readiness speaks Spanish', async ({ phones }) => {
  const alice = await phones.signIn('1001', { query: 'lang=es', language: 'es' });
  await light(alice).click();
  await expect(alice.page.getByRole('region', { name: '¿Sonaría una llamada ahora?' }).getByRole('listitem').first()).toContainText('Su proveedor puede alcanzar');
});
