import type { Locator } from '@playwright/test';
import type { Phone } from './phone';

/** Presses Tab until the control has the focus, or Shift and Tab where it stands before what has it. */
export async function tabTo(phone: Phone, control: Locator): Promise<void> {
  // What had the focus is gone: in Firefox, Tab might lead out of the page, and never back into one without a window.
  if (await phone.page.evaluate(() => document.activeElement === document.body)) {
    await phone.page.getByRole('main').getByRole('button').first().focus();
  }
  const isBefore = await control.evaluate((element) => {
    const focused = document.activeElement!;
    return !!(element.compareDocumentPosition(focused) & Node.DOCUMENT_POSITION_FOLLOWING) && !element.contains(focused);
  });
  for (let presses = 0; presses < 40; presses++) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await phone.page.keyboard.press(isBefore ? 'Shift+Tab' : 'Tab');
  }
  throw new Error(`${control} cannot be reached with the Tab key.`);
}
