import { expect, type Locator } from '@playwright/test';
import type { Phone } from './phone';
import { settingsButton } from './talk';

/** "Sound and picture", as a person uses it. */
export class SoundSheet {
  constructor(private readonly phone: Phone) {}

  get sheet(): Locator { return this.phone.page.getByRole('dialog', { name: 'Sound and picture' }); }
  get microphone() { return this.sheet.getByLabel('Microphone', { exact: true }); }
  get speaker() { return this.sheet.getByLabel('Speaker', { exact: true }); }
  get ringer() { return this.sheet.getByLabel('Ringer', { exact: true }); }
  get ringtone() { return this.sheet.getByLabel('Ringtone', { exact: true }); }
  get volume() { return this.sheet.getByRole('slider', { name: 'Ring volume' }); }
  get testRinger() { return this.button('Test the ringer'); }
  get testSpeaker() { return this.button('Test the speaker'); }
  get allow() { return this.button('Allow the microphone'); }
  get meter() { return this.sheet.getByRole('meter', { name: 'Microphone level' }); }
  switch(name: string) { return this.sheet.getByRole('switch', { name, exact: true }); }

  /** Opens it from the settings. */
  async openInSettings(): Promise<void> {
    await settingsButton(this.phone).click();
    await this.phone.page.getByRole('button', { name: 'Sound and picture' }).click();
    await expect(this.sheet).toBeVisible();
  }

  /** Opens it from a call. */
  async openInCall(): Promise<void> {
    await this.phone.moreButton.press('Enter'); // A click where another has just been could count as its second.
    await this.phone.page.getByRole('button', { name: 'Sound', exact: true }).click();
    await expect(this.sheet).toBeVisible();
  }

  async close(): Promise<void> {
    await this.button('Close').click();
    await expect(this.sheet).toBeHidden();
  }

  /** Waits until the meter shows a voice. */
  async expectVoice(): Promise<void> {
    await expect
      .poll(async () => Number(await this.meter.getAttribute('aria-valuenow')), {
        message: `${this.phone}: the meter should show a voice`,
        intervals: [30], // Chromium's own microphone beeps for a tenth of a second.
      })
      .toBeGreaterThan(20);
  }

  private button(name: string) {
    return this.sheet.getByRole('button', { name, exact: true });
  }
}
