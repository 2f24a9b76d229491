import { expect, test } from '../../support/page';
import { talk } from '../../support/phone';

test('the sheet says what is no number, and Escape closes it', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await talk(alice, bob);
  await alice.fillTransfer('hello world');
  await alice.page.keyboard.press('Enter');
  await alice.expectSays(/neither a number nor a SIP address/);
  await expect(alice.transferTarget).toBeFocused();
  await alice.page.keyboard.press('Escape');
  await expect(alice.transferSheet).toBeHidden();
  await expect(alice.transferButton).toBeFocused();
  await alice.page.keyboard.type('1');
  await expect(alice.keysSent).toHaveValue('1');
  expect(alice.sip.sent(/^REFER /)).toEqual([]);
});

test('a key pressed in the moment in which the sheet closes is sent', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await talk(alice, bob);
  await alice.openTransfer();
  // The sheet is closed by now, and its event of that is still to come.
  await alice.transferSheet.evaluate((sheet: HTMLDialogElement) => {
    sheet.close();
    document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key: '1', bubbles: true, cancelable: true }));
  });
  await expect(alice.keysSent).toHaveValue('1');
});
