import { expect, type Locator } from '@playwright/test';
import type { Phone } from './phone';

/** What a person does and sees in the rooms "Messages" and "Settings", by accessible names only. */

/** The button of the room; its name goes on with what is unread. */
export const messagesTab = (phone: Phone): Locator => phone.page.getByRole('button', { name: /^Messages(,|$)/ });
export const messageBox = (phone: Phone): Locator => phone.page.getByRole('textbox', { name: 'Message', exact: true });
export const sendButton = (phone: Phone): Locator => phone.page.getByRole('button', { name: 'Send', exact: true });
/** The messages of the open conversation, the oldest first. */
export const messages = (phone: Phone): Locator => phone.page.getByRole('list', { name: 'Messages' }).getByRole('listitem');
export const quietButton = (phone: Phone): Locator => phone.page.getByRole('button', { name: 'Do not disturb', exact: true });
export const settingsButton = (phone: Phone): Locator => phone.page.getByRole('button', phone.names.settings);

/** Opens the conversation with a number from the room's list, or a new one. */
export async function openConversation(phone: Phone, target: string): Promise<void> {
  await messagesTab(phone).click();
  const [back, fresh] = ['Back', 'New message'].map((name) => phone.page.getByRole('button', { name, exact: true }));
  await expect(back.or(fresh)).toBeVisible();
  if (await back.isVisible()) await back.click();
  await expect(fresh).toBeVisible();
  const known = phone.page.getByRole('listitem').getByRole('button', { name: new RegExp(target) });
  if (await known.count()) {
    await known.click();
  } else {
    await fresh.click();
    await phone.numberBox.fill(target);
    await phone.numberBox.press('Enter');
  }
  await expect(messageBox(phone), `${phone} should show the conversation with ${target}`).toBeVisible();
}

export async function write(phone: Phone, text: string): Promise<void> {
  await messageBox(phone).fill(text);
  await messageBox(phone).press('Enter');
  await expect(messageBox(phone), `${phone} should have sent the message`).toHaveValue('');
}

export async function expectUnread(phone: Phone, count: number): Promise<void> {
  const name = count ? `Messages, ${count} unread` : 'Messages';
  await expect(messagesTab(phone), `${phone} should have ${count} unread`).toHaveAccessibleName(name);
}
