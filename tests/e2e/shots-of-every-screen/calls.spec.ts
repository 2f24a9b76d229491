import { join } from 'node:path';
import { test } from '../support/fixtures';
import { talk, type Phone } from '../support/phone';

const folder = join(import.meta.dirname, '../shots');
const viewports = [{ width: 300, height: 500 }, { width: 320, height: 568 }, { width: 390, height: 844 }, { width: 844, height: 390 }, { width: 1280, height: 720 }, { width: 1280, height: 800 }];

/** Pictures of the screen as it stands, in each size and theme. */
async function shoot(phone: Phone, name: string): Promise<void> {
  for (const viewport of viewports) {
    for (const colorScheme of ['light', 'dark'] as const) {
      if (colorScheme === 'dark' && viewport.width !== 390) continue;
      await phone.page.setViewportSize(viewport);
      await phone.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await phone.page.screenshot({ path: join(folder, `call-${name}-${viewport.width}-${colorScheme}.png`) });
    }
  }
}

test('what can be done in calls', async ({ phones }) => {
  test.setTimeout(180_000);
  const alice = await phones.signIn('1001', { pitch: 440 });
  const bob = await phones.signIn('1002', { query: 'name=Ada Lovelace', kind: 'jssip' });
  const carol = await phones.signIn('1003', { query: 'name=Carol Hoffmann-Mendoza', kind: 'jssip' });
  await bob.call('1001');
  await alice.answer();
  await alice.expectInCall('Ada Lovelace');
  await shoot(alice, 'up');
  await alice.setMuted(true);
  await alice.expectSays(/nobody hears/);
  await shoot(alice, 'muted');
  await alice.setMuted(false);
  await alice.keypadButton.click();
  await alice.page.keyboard.type('1234#');
  await shoot(alice, 'keypad');
  await alice.keypadButton.click();
  await alice.hold();
  await shoot(alice, 'held');
  await alice.resume();
  await carol.call('1001');
  await alice.expectIncoming('Carol');
  await shoot(alice, 'waiting');
  await alice.answerAndHoldButton.click();
  await alice.expectInCall('Carol');
  await shoot(alice, 'two');
  await alice.conferenceButton.click();
  await shoot(alice, 'conference');
  await alice.splitButton.click();
  await carol.hangUp();
  await alice.addCallButton.click();
  await shoot(alice, 'add');
  await alice.callRow('Ada').click();
  await alice.resume();
  await alice.transferButton.click();
  await shoot(alice, 'transfer');
  await alice.transferTarget.fill('1003');
  await alice.consultFirstButton.click();
  await alice.cancelButton.waitFor();
  await shoot(alice, 'consult-ringing');
  await carol.answer();
  await alice.completeTransferButton.waitFor();
  await shoot(alice, 'consult');
});

test('a wish of the other side', async ({ phones }) => {
  const alice = await phones.signIn('1001', { query: 'lang=es', language: 'es' });
  const bob = await phones.signIn('1002');
  await talk(bob, alice);
  await shoot(alice, 'es-up');
  await bob.fillTransfer('1003');
  await bob.page.keyboard.press('Enter');
  await alice.incoming.waitFor();
  await shoot(alice, 'es-request');
});
