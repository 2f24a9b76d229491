import { expect, type OpenOptions, type Phones } from './fixtures';
import type { Phone } from './phone';

/** Signs in with the page's worker, which is there. */
export async function signInWithWorker(phones: Phones, extension: string, options: OpenOptions = {}): Promise<Phone> {
  const phone = await phones.signIn(extension, { ...options, serviceWorkers: 'allow' });
  await expectWorker(phone);
  return phone;
}

export async function expectWorker(phone: Phone): Promise<void> {
  await expect.poll(() => phone.page.evaluate(() => !!navigator.serviceWorker.controller), { message: `${phone} should have its worker` }).toBe(true);
}
