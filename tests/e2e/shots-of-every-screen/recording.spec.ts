import { join } from 'node:path';
import { expect, test } from '../support/fixtures';
import { talk } from '../support/phone';
import { consentSheet, moreButton, recordButton, recordFor, recordings, stopButton } from '../support/recordings';

// Pictures of a call that is recorded, and of recordings.
const folder = join(import.meta.dirname, '../shots');

for (const viewport of [{ width: 300, height: 500 }, { width: 390, height: 664 }, { width: 1280, height: 800 }]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`recording, ${viewport.width} × ${viewport.height}, ${colorScheme}`, async ({ phones }) => {
      const alice = await phones.signIn('1001', { viewport, colorScheme });
      const bob = await phones.signIn('1002');
      const shoot = (name: string) => alice.page.screenshot({ path: join(folder, `${name}-${viewport.width}-${colorScheme}-en.png`) });
      await talk(alice, bob);
      await moreButton(alice).click();
      await shoot('more');
      await recordButton(alice).click();
      await shoot('record-consent');
      await consentSheet(alice).getByRole('button', { name: 'Everyone agrees: record' }).click();
      await recordFor(alice, 2);
      await shoot('recording');
      await stopButton(alice).click();
      await expect(alice.shown(/is in the history/)).toBeVisible();
      await shoot('recording-kept');
      await alice.hangUp();
      await alice.expectDialer();
      await shoot('recording-kept-dialer');
      await alice.historyTab.click();
      await shoot('history-recorded');
      await alice.rows.first().getByRole('button', { name: 'Recordings' }).click();
      await shoot('recordings');
      await recordings(alice).first().getByRole('button', { name: 'Play' }).click();
      await expect(alice.page.locator('audio')).toBeVisible();
      await shoot('recordings-played');
      await recordings(alice).first().getByRole('button', { name: 'Delete recording' }).click();
      await shoot('recordings-delete');
    });
  }
}
