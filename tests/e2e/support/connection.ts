import { expect, type Locator } from '@playwright/test';
import type { Phone } from './phone';

/** What a person sees of how a call is connected, by accessible names only. */

/** The lock and the bars, which say in their name what they show. */
export const signal = (phone: Phone): Locator => phone.page.getByRole('button', { name: /^Connection: / });
export const connectionSheet = (phone: Phone): Locator => phone.page.getByRole('dialog', { name: 'Connection', exact: true });
export const digits = (phone: Phone): Locator => connectionSheet(phone).getByLabel('Digits to compare');

export async function openConnection(phone: Phone): Promise<Locator> {
  await signal(phone).click();
  await expect(connectionSheet(phone), `${phone} should show how it is connected`).toBeVisible();
  return connectionSheet(phone);
}

export async function closeSheet(phone: Phone): Promise<void> {
  await phone.page.keyboard.press('Escape');
  await expect(connectionSheet(phone)).toBeHidden();
}

/** The value that stands behind a name in the open sheet. */
export async function figure(phone: Phone, name: string): Promise<string> {
  const row = connectionSheet(phone).getByRole('term').filter({ hasText: new RegExp(`^${name}$`) });
  return row.locator('xpath=following-sibling::dd').innerText();
}

/** The numbers of a figure, such as what arrives and what leaves. */
export async function numbers(phone: Phone, name: string): Promise<number[]> {
  return ((await figure(phone, name)).match(/\d+(\.\d+)?/g) ?? []).map(Number);
}

/** Waits until this is said of the sound, on the display and for screen readers. */
export async function expectWarning(phone: Phone, words: RegExp, timeout = 25_000): Promise<void> {
  await phone.expectSays(words, timeout);
  await expect(phone.page.getByRole('main').getByText(words).first(), `${phone} should show ${words}`).toBeVisible();
}

/** Waits until nothing of this is said any more. */
export async function expectHealed(phone: Phone, words: RegExp): Promise<void> {
  await expect(phone.page.getByRole('main').getByText(words), `${phone} should not say ${words} any more`)
    .toHaveCount(0, { timeout: 30_000 });
  await expect(phone.notice(words)).toHaveCount(0);
}
