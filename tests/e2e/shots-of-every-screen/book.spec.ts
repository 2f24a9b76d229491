import { join } from 'node:path';
import { writeHistory } from '../support/book';
import { test } from '../support/fixtures';
import { account } from '../support/kamailio';

const folder = join(import.meta.dirname, '../shots');
const cards = ['Ana Gómez', 'José Núñez', 'Zoe', 'Departamento de Contabilidad y Tesorería']
  .map((name, index) => `BEGIN:VCARD\r\nFN:${name}\r\nTEL;TYPE=CELL:+57 604 123 456${index}\r\nTEL;TYPE=WORK:100${index}\r\nEND:VCARD\r\n`)
  .join('');

for (const viewport of [{ width: 300, height: 500 }, { width: 390, height: 844 }, { width: 1280, height: 800 }]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    const language = colorScheme === 'light' ? 'en' : 'es';
    test(`book ${viewport.width} × ${viewport.height}, ${colorScheme}`, async ({ phones, udpPeer, kamailio }) => {
      const phone = await phones.open('1001', { viewport, colorScheme, query: `lang=${language}`, language });
      await phone.page.emulateMedia({ reducedMotion: 'reduce' });
      const shot = (name: string) => phone.page.screenshot({ path: join(folder, `book-${name}-${viewport.width}-${colorScheme}.png`) });
      const tab = (place: number) => phone.page.getByRole('navigation').getByRole('button').nth(place).click();
      const main = phone.page.getByRole('main').getByRole('button');
      await phone.signIn({ ...account('1001'), server: kamailio.url });
      await writeHistory(phone.page, '1001', 60);
      await phone.reload();
      const mailbox = await udpPeer('1009');
      await mailbox.notifyUnasked('1001', 'message-summary', 'Messages-Waiting: yes\r\nVoice-Message: 2/1\r\n');
      for (const number of ['2486', '2404']) {
        await phone.call(number);
        await phone.expectSays(new RegExp(number));
      }
      await phone.page.locator('.banners button').click();
      await tab(2);
      await shot('contacts-empty');
      const chooser = phone.page.waitForEvent('filechooser');
      await main.nth(0).click();
      await (await chooser).setFiles({ name: 'a.vcf', mimeType: 'text/vcard', buffer: Buffer.from(cards) });
      await phone.rows.first().waitFor();
      await shot('contacts-imported');
      await phone.rows.first().locator('.star').click();
      await shot('contacts');
      await phone.rows.nth(1).getByRole('button').first().click();
      await shot('contact');
      await phone.page.keyboard.press('Escape');
      await tab(0);
      await phone.numberBox.fill('604');
      await shot('dialer');
      await tab(1);
      await phone.rows.first().waitFor();
      await shot('history');
      await phone.rows.first().locator('.ghost').click();
      await shot('history-undo');
    });
  }
}
