import { expect, test } from '../../support/page';
import { keys } from '../../support/phone';

test('the keypad dials, and "Delete digit" takes the last digit away', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  for (const digit of keys) await alice.key(digit).click();
  await expect(alice.numberBox).toHaveValue(keys.join(''));
  await alice.deleteButton.click();
  await expect(alice.numberBox).toHaveValue(keys.slice(0, -1).join(''));
});

test('keys carry their letters', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const letters = { 2: 'ABC', 3: 'DEF', 4: 'GHI', 5: 'JKL', 6: 'MNO', 7: 'PQRS', 8: 'TUV', 9: 'WXYZ' };
  for (const [digit, text] of Object.entries(letters)) await expect(alice.key(digit)).toContainText(text);
});

test('a number dialled with the keypad is called', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  for (const digit of '1002') await alice.key(digit).click();
  await alice.callButton.click();
  await bob.expectIncoming('1001');
});

test('keys behind a number are sent once somebody has answered', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await alice.call('\u202a1002\u202c ext. 42');
  await bob.expectIncoming('1001');
  await bob.answer();
  await alice.expectInCall('1002');
  await alice.keypadButton.click();
  await expect(alice.keysSent).toHaveValue(',42');
  expect(alice.sip.sent(/^INVITE /).every(({ text }) => text.startsWith('INVITE sip:1002@'))).toBe(true);
});
