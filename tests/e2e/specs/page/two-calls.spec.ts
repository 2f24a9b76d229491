import { threeCalls } from '../../support/ears';
import { expect, test } from '../../support/page';
import { talk } from '../../support/phone';

test('what is not in sight beside two calls is in the sheet', async ({ phones }) => {
  const alice = await phones.signIn('1001', { before: threeCalls });
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  const carol = await phones.signIn('1003', { kind: 'jssip' });
  await talk(bob, alice);
  await expect(alice.addCallButton).toBeVisible();
  await carol.call('1001');
  await alice.answerAndHoldButton.click();
  await alice.expectInCall('1003');
  await expect(alice.addCallButton).toBeHidden();
  await alice.moreButton.press('Enter');
  await expect(alice.moreSheet).toBeVisible();
  await alice.page.keyboard.press('Escape');
  await expect(alice.moreSheet).toBeHidden();
  await expect(alice.moreButton).toBeFocused();
  await alice.moreButton.click();
  await alice.moreSheet.getByRole('button', alice.names.addCall).click();
  await expect(alice.numberBox).toBeVisible();
  await expect(alice.moreSheet).toBeHidden();
});
