import { join } from 'node:path';
import { answerWithVideoButton, expectSees, installEyes, setCamera, videoCall } from '../support/eyes';
import { test } from '../support/fixtures';
import type { Phone } from '../support/phone';

const folder = join(import.meta.dirname, '../shots');
const viewports = [{ width: 300, height: 500 }, { width: 390, height: 664 }, { width: 844, height: 390 }, { width: 1280, height: 800 }];

/** Pictures of the screen as it stands, in each size. */
async function shoot(phone: Phone, name: string): Promise<void> {
  for (const viewport of viewports) {
    await phone.page.setViewportSize(viewport);
    await phone.page.emulateMedia({ reducedMotion: 'reduce' });
    await phone.page.screenshot({ path: join(folder, `video-${name}-${viewport.width}.png`) });
  }
}

test('video calls', async ({ phones }) => {
  test.setTimeout(180_000);
  const alice = await phones.signIn('1001', { before: installEyes });
  const bob = await phones.signIn('1002', { before: installEyes });
  await shoot(alice, 'dialer');
  await videoCall(bob, '1001');
  await alice.expectIncoming('1002');
  await shoot(alice, 'incoming');
  await answerWithVideoButton(alice).click();
  await expectSees(alice);
  await shoot(alice, 'up');
  await alice.moreButton.click();
  await shoot(alice, 'more');
  await alice.moreSheet.getByRole('button', { name: 'Share screen' }).click();
  await expectSees(bob);
  await shoot(alice, 'sharing');
  await shoot(bob, 'screen');
  await alice.page.getByRole('button', { name: 'Stop sharing' }).click();
  await setCamera(bob, false);
  await shoot(alice, 'alone');
  await setCamera(alice, false);
  await setCamera(bob, true);
  await shoot(alice, 'watching');
});
