import { join } from 'node:path';
import { test } from '../support/fixtures';
import { talk } from '../support/phone';

const folder = join(import.meta.dirname, '../shots');

for (const viewport of [{ width: 300, height: 500 }, { width: 390, height: 844 }, { width: 1280, height: 800 }]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    const language = colorScheme === 'light' ? 'en' : 'es';
    test(`tabs ${viewport.width} × ${viewport.height}, ${colorScheme}`, async ({ phones }) => {
      const alice = await phones.signIn('1001', { viewport, colorScheme, query: `lang=${language}`, language });
      const bob = await phones.signIn('1002');
      const beside = await phones.openIn(alice.page.context(), '1001', { query: `lang=${language}`, language });
      await beside.page.setViewportSize(viewport);
      await beside.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const shot = (name: string) => beside.page.screenshot({ path: join(folder, `tabs-${name}-${viewport.width}-${colorScheme}.png`) });
      await beside.page.locator('.banners').waitFor();
      await shot('idle');
      await bob.call('1001');
      await beside.expectIncoming('1002');
      await shot('incoming');
      await bob.hangUp();
      await talk(alice, bob);
      await beside.expectInCall('1002');
      await shot('call');
    });
  }
}
