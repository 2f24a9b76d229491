import { join } from 'node:path';
import { computerWith } from '../support/computer';
import { test } from '../support/fixtures';
import { talk } from '../support/phone';
import { SoundSheet } from '../support/sound-sheet';
import { settingsButton } from '../support/talk';

// Pictures of "Sound and picture", and of a call that nobody hears.
const folder = join(import.meta.dirname, '../shots');
const office = computerWith({
  microphones: { 'Built-in microphone': 400, 'Jabra Evolve 65 (0b0e:030c)': 900 },
  speakers: ['Built-in speaker', 'Jabra Evolve 65 (0b0e:030c)'],
});

for (const viewport of [{ width: 320, height: 568 }, { width: 390, height: 664 }, { width: 1280, height: 800 }]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`devices, ${viewport.width} × ${viewport.height}, ${colorScheme}`, async ({ phones }) => {
      const alice = await phones.signIn('1001', { viewport, colorScheme, before: office });
      const shoot = (name: string) => alice.page.screenshot({ path: join(folder, `${name}-${viewport.width}-${colorScheme}-en.png`) });
      const sheet = new SoundSheet(alice);
      await sheet.openInSettings();
      await shoot('devices-unknown');
      await sheet.allow.click();
      await sheet.expectVoice();
      await shoot('devices');
      await sheet.switch('Automatic volume').scrollIntoViewIfNeeded();
      await shoot('devices-below');
      await sheet.close();
      await shoot('devices-settings');
      await settingsButton(alice).click();
      const bob = await phones.signIn('1002', { kind: 'jssip' });
      await talk(alice, bob);
      await alice.page.evaluate(() => ['Built-in microphone', 'Jabra Evolve 65 (0b0e:030c)'].forEach((label) => window.computer.unplug(label)));
      await alice.shown(/You are not heard/).waitFor();
      await shoot('devices-unheard');
      await sheet.openInCall();
      await shoot('devices-in-call');
    });
  }
}
