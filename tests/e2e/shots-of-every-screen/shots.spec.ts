import { join } from 'node:path';
import { test } from '../support/fixtures';
import { visitScreens } from '../support/screens';

// `npm run shots` saves a picture of every screen to tests/e2e/shots/.
const folder = join(import.meta.dirname, '../shots');

for (const viewport of [{ width: 390, height: 844 }, { width: 1280, height: 800 }]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const lang of ['en', 'es'] as const) {
      test(`${viewport.width} × ${viewport.height}, ${colorScheme}, ${lang}`, async ({ phones, kamailio }) => {
        const options = { viewport, colorScheme, query: `lang=${lang}`, language: lang };
        await visitScreens(phones, kamailio, options, async (screen, phone) => {
          const name = `${screen.replace(' ', '-')}-${viewport.width}-${colorScheme}-${lang}.png`;
          await phone.page.screenshot({ path: join(folder, name) });
          if (screen !== 'dialer') return;
          for (const digit of '1002') await phone.key(digit).click();
          await phone.page.screenshot({ path: join(folder, name.replace('dialer', 'dialer-number')) });
          await phone.call('2486');
          await phone.sip.expectReceived(/^SIP\/2.0 486 /);
          await phone.expectDialer();
          await phone.page.screenshot({ path: join(folder, name.replace('dialer', 'dialer-notice')) });
        });
      });
    }
  }
}
