import { expect, test, type Phones } from '../../support/page';
import { talk, type Phone } from '../../support/phone';

/** A second tab beside the first, in which the telephone is. */
async function openBeside(phones: Phones, phone: Phone): Promise<Phone> {
  const beside = await phones.openIn(phone.page.context(), phone.extension);
  await beside.expectSays(/^In another tab/);
  return beside;
}

test('the telephone is in one tab, and moves to the other when that is closed', async ({ phones, server }) => {
  const one = await phones.signIn('1001');
  const two = await openBeside(phones, one);
  expect(two.sip.sockets.length, 'the second tab should not connect').toBe(0);
  await one.page.close();
  await two.expectSays(/^Connected/);
  await expect.poll(() => server.contacts('1001')).toHaveLength(1);
  const bob = await phones.signIn('1002');
  await talk(bob, two);
});

test('who signs out in one tab is signed out in the other', async ({ phones }) => {
  const one = await phones.signIn('1001');
  const two = await openBeside(phones, one);
  await one.signOut();
  await expect(two.connectButton).toBeVisible();
  await expect(two.passwordBox).toHaveValue('');
});
