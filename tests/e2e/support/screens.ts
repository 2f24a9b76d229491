import type { Page } from '@playwright/test';
import type { OpenOptions, Phones } from './fixtures';
import { account } from './kamailio';
import type { Phone } from './phone';
import type { SipServer } from './server';
import { settingsButton } from './talk';

export const screens = ['sign-in', 'dialer', 'calling', 'history', 'contacts', 'messages', 'settings', 'incoming', 'in call'] as const;
export type Screen = (typeof screens)[number];

/** Takes a phone through every screen, and calls `visit` on each; JsSIP is at the far end. */
export async function visitScreens(
  phones: Phones,
  server: SipServer,
  options: OpenOptions,
  visit: (screen: Screen, phone: Phone) => Promise<void>,
): Promise<void> {
  const phone = await phones.open('1001', options);
  await visit('sign-in', phone);
  await phone.signIn({ ...account('1001'), server: server.url });
  await visit('dialer', phone);

  const far = await phones.signIn('1002', { kind: 'jssip', query: 'name=Ada Lovelace' });
  await phone.call('1002');
  await phone.expectRinging('1002');
  await visit('calling', phone);
  await far.decline();
  await phone.expectDialer();

  const tab = (place: number) => phone.page.getByRole('navigation').getByRole('button').nth(place);
  for (const [index, room] of (['history', 'contacts', 'messages'] as const).entries()) {
    await tab(index + 1).click();
    await visit(room, phone);
  }
  await tab(0).click();
  await settingsButton(phone).click();
  await visit('settings', phone);
  await settingsButton(phone).click();
  await phone.expectDialer();

  await far.call('1001');
  await phone.expectIncoming('Ada Lovelace');
  await visit('incoming', phone);
  await phone.answer();
  await phone.expectInCall('Ada Lovelace');
  await visit('in call', phone);
}

/** What is wrong with the layout of the page as it stands, in words; nothing where all is well. */
export async function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    // A screen that is still sliding in is measured where it comes to rest.
    for (const animation of document.getAnimations()) {
      if (Number.isFinite(animation.effect?.getComputedTiming().endTime)) animation.finish();
    }
    const faults: string[] = [];
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) {
      faults.push(`the page is ${document.documentElement.scrollWidth} px wide in a window of ${width} px`);
    }
    const modal = document.querySelector('dialog:modal');
    const controls = document.querySelectorAll<HTMLElement>('button, input, select, textarea, a[href], [role=button], [role=switch]');
    for (const control of controls) {
      if (!control.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      if (control.closest('[inert], [aria-hidden=true]')) continue;
      if (modal && !modal.contains(control)) continue;
      const name = control.ariaLabel || control.textContent?.trim() || control.getAttribute('name') || control.outerHTML.slice(0, 60);
      control.scrollIntoView({ block: 'center', behavior: 'instant' });
      const label = (control as HTMLInputElement).labels?.[0];
      const target = control.matches('input[type=checkbox], input[type=radio]') && label ? label : control;
      const box = target.getBoundingClientRect();
      if (box.width < 44 || box.height < 44) {
        faults.push(`"${name}" is ${Math.round(box.width)} × ${Math.round(box.height)} px, less than 44`);
      }
      if (box.left < 0 || box.right > width) faults.push(`"${name}" is cut off at the side`);
      const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      if (!hit || !(target.contains(hit) || hit.contains(target) || label?.contains(hit))) {
        faults.push(`"${name}" cannot be reached: ${hit ? `covered by <${hit.localName} class="${hit.className}">` : 'outside the window'}`);
      }
    }
    window.scrollTo(0, 0);
    return faults;
  });
}

/** What assistive technology would miss on the page as it stands, in words. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const tree = await page.locator('body').ariaSnapshot();
  const nameless = tree.match(/^ *- (button|textbox|link|checkbox|switch|combobox|slider|alertdialog|dialog|img)(?= *(\[|:|$))/gm) ?? [];
  const imitated = await page.locator('body').evaluate((body) =>
    [...body.querySelectorAll('[role=button], [role=textbox], [role=link], [onclick]')]
      .filter((element) => !element.matches('button, input, textarea, a[href]'))
      .map((element) => element.outerHTML.slice(0, 100)),
  );
  return [
    ...nameless.map((line) => `${line.trim()} has no accessible name`),
    ...imitated.map((html) => `${html} imitates a control`),
  ];
}
