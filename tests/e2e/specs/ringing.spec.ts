import { computerWith } from '../support/computer';
import type { Recording } from '../support/ears';
import { expect, test } from '../support/fixtures';
import type { Phone } from '../support/phone';
import { SoundSheet } from '../support/sound-sheet';

const office = computerWith({ microphones: { Desk: 400 } });

/** What is heard from now on, after `act`, until it is over. */
async function hear(phone: Phone, act: () => Promise<unknown>): Promise<Recording> {
  const recording = phone.page.evaluate(() => window.ears.record());
  await act();
  return recording;
}

test('each ringtone is played when it is chosen, and sounds like no other', async ({ phones }) => {
  const alice = await phones.signIn('1001', { before: office });
  const sheet = new SoundSheet(alice);
  await sheet.openInSettings();
  const names = await sheet.ringtone.locator('option').allInnerTexts();
  expect(names.length).toBeGreaterThanOrEqual(5);
  const heard: [string, number[]][] = [];
  for (const name of [...names.slice(1), names[0]]) {
    const { peak, spectrum } = await hear(alice, () => sheet.ringtone.selectOption(name));
    expect(peak, `${name} should be heard`).toBeGreaterThan(0.05);
    for (const [other, its] of heard) expect(likeness(spectrum, its), `${name} and ${other}`).toBeLessThan(0.5);
    heard.push([name, spectrum]);
  }
});

/** How much of two sounds is at the same pitches: 0 is nothing, 1 all. */
function likeness(a: number[], b: number[]): number {
  const product = (a: number[], b: number[]) => a.reduce((sum, power, bin) => sum + power * b[bin], 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

test('the ring volume is heard, and both last with the account', async ({ phones }) => {
  const alice = await phones.signIn('1001', { before: office });
  const sheet = new SoundSheet(alice);
  await sheet.openInSettings();
  await hear(alice, () => sheet.ringtone.selectOption('Warble'));
  const loud = await hear(alice, () => sheet.volume.fill('100'));
  const soft = await hear(alice, () => sheet.volume.fill('50'));
  expect(loud.peak).toBeLessThanOrEqual(1);
  expect(loud.peak / soft.peak, 'half the way is a quarter of the level').toBeGreaterThan(3.5);
  expect(loud.peak / soft.peak).toBeLessThan(4.5);
  const none = await hear(alice, () => sheet.volume.fill('0'));
  expect(none.peak).toBeLessThan(0.001);
  await sheet.volume.fill('50');
  await alice.reload();
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  const ringing = hear(alice, () => bob.call('1001'));
  await alice.expectIncoming('1002');
  await expect.poll(() => alice.page.evaluate(() => window.ears.toneLevel(1000)), { intervals: [50] }).toBeGreaterThan(-60);
  await bob.hangUp();
  expect((await ringing).peak / soft.peak).toBeCloseTo(1, 1);
});
