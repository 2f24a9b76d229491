import { expect, type Locator, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import type { Phone } from './phone';

export const button = (phone: Phone, name: string): Locator => phone.page.getByRole('button', { name, exact: true });
export const nameBox = (phone: Phone): Locator => phone.page.getByRole('textbox', { name: 'Name', exact: true });

/** Adds a contact, from the list of contacts. */
export async function add(phone: Phone, name: string, ...numbers: string[]): Promise<void> {
  await button(phone, 'Add contact').click();
  await nameBox(phone).fill(name);
  for (const [place, number] of numbers.entries()) {
    if (place) await button(phone, 'Add number').click();
    await phone.page.getByRole('main').getByRole('textbox', phone.names.number).nth(place).fill(number);
  }
  await button(phone, 'Save').click();
  await expect(phone.rows.filter({ hasText: name })).toBeVisible();
}

/** Adds a contact and makes it a favourite, or takes that back where it is one; from the list of contacts. */
export async function toggleFavourite(phone: Phone, name: string, ...numbers: string[]): Promise<void> {
  if (numbers.length) await add(phone, name, ...numbers);
  await phone.rows.filter({ hasText: name }).getByRole('button', { name: 'Favourite' }).click();
}

/** The file that the page gives the user when this is done. Firefox's driver tells of no download that a script begins. */
export async function savedFile(page: Page, act: () => Promise<void>): Promise<{ name: string; text: string }> {
  if (page.context().browser()!.browserType().name() !== 'firefox') {
    const download = page.waitForEvent('download');
    await act();
    const saved = await download;
    return { name: saved.suggestedFilename(), text: await readFile(await saved.path(), 'utf8') };
  }
  const saved = await page.evaluateHandle(() => {
    const saved: { file?: Promise<{ name: string; text: string }> } = {};
    HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
      saved.file = fetch(this.href).then(async (response) => ({ name: this.download, text: await response.text() }));
    };
    return saved;
  });
  await act();
  return saved.evaluate(({ file }) => file!);
}

/** What the page keeps of an account, by store; the page must have been signed in once. */
export function kept(page: Page, extension: string, store: 'calls' | 'contacts' | 'messages'): Promise<string[]> {
  return page.evaluate(
    async ([name, store]) => {
      const done = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const database = await done(indexedDB.open(name));
      const all = await done(database.transaction(store).objectStore(store).getAll());
      database.close();
      return all;
    },
    [`webphone:sip:${extension}@webphone.test`, store],
  );
}

/** Writes `count` calls into the history of an account that was signed in once: every tenth missed, all with names. */
export async function writeHistory(page: Page, extension: string, count: number): Promise<void> {
  await page.evaluate(
    async ([name, count]) => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name as string);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const transaction = database.transaction('calls', 'readwrite');
      const calls = transaction.objectStore('calls');
      const now = Date.now();
      for (let index = 0; index < (count as number); index++) {
        const at = now - ((count as number) - index) * 600_000;
        const outcome = index % 10 === 0 ? 'missed' : 'made';
        const number = `60412${String(index).padStart(5, '0')}`;
        const length = outcome === 'made' ? String(1000 * (index % 4000)) : '';
        calls.put([at, at, outcome, length, '', number, `sip:${number}@webphone.test`, `Person ${index}`].join('\t'), at);
      }
      await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error);
      });
      database.close();
    },
    [`webphone:sip:${extension}@webphone.test`, count] as const,
  );
}
