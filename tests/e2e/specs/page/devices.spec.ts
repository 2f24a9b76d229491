import { computer, computerWith } from '../../support/computer';
import { expect, test } from '../../support/page';
import { accessibilityFaults, layoutFaults } from '../../support/screens';
import { SoundSheet } from '../../support/sound-sheet';

const [desk, headset] = [400, 900];
const office = computerWith({ microphones: { Desk: desk, Headset: headset }, speakers: ['Loudspeaker', 'Headset'] });

test('the meter shows the microphone while it is looked at, once it is allowed', async ({ phones }) => {
  const alice = await phones.signIn('1001', { before: office });
  const sheet = new SoundSheet(alice);
  await sheet.openInSettings();
  await expect(sheet.meter).toHaveAttribute('aria-valuenow', '0');
  expect(await computer(alice.page, (computer) => computer.asked)).toEqual([]);
  await sheet.allow.click();
  await sheet.expectVoice();
  await expect(sheet.allow).toBeHidden();
  await sheet.close();
  await expect.poll(() => computer(alice.page, (computer) => computer.open()), 'the microphone should be let go of').toEqual([]);
  await alice.page.getByRole('button', { name: 'Sound and picture' }).click();
  await sheet.expectVoice();
});

test('a browser that cannot choose where it plays says who does', async ({ phones }) => {
  const before = () => {
    for (const player of [HTMLMediaElement, AudioContext]) delete (player.prototype as { setSinkId?: unknown }).setSinkId;
  };
  const alice = await phones.signIn('1001', { before });
  const sheet = new SoundSheet(alice);
  await sheet.openInSettings();
  await expect(sheet.sheet.getByText(/the device that your system has chosen/)).toBeVisible();
  await expect(sheet.speaker).toBeHidden();
  await expect(sheet.ringer).toBeHidden();
  await sheet.testRinger.click();
  await alice.expectTone();
});

for (const viewport of [{ width: 320, height: 568 }, { width: 390, height: 664 }, { width: 1280, height: 800 }]) {
  test(`"Sound and picture" fits ${viewport.width} × ${viewport.height}`, async ({ phones }) => {
    const long = 'A headset whose maker has a great deal to say about it (1234:5678)';
    const before = computerWith({ microphones: { [long]: desk }, speakers: [long] });
    const alice = await phones.signIn('1001', { viewport, before });
    const sheet = new SoundSheet(alice);
    await sheet.openInSettings();
    expect(await layoutFaults(alice.page)).toEqual([]);
    await sheet.allow.click();
    await sheet.microphone.selectOption(long);
    expect(await layoutFaults(alice.page)).toEqual([]);
    expect(await accessibilityFaults(alice.page)).toEqual([]);
    await alice.page.keyboard.press('Escape');
    await expect(sheet.sheet).toBeHidden();
    await expect(alice.page.getByRole('button', { name: 'Sound and picture' })).toBeFocused();
  });
}
