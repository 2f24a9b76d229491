import { expect, test } from '../support/fixtures';
import { messages, openConversation, write } from '../support/talk';

test('messages go to JsSIP and come from it', { tag: '@gate' }, async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const far = await phones.signIn('1002', { kind: 'jssip', query: 'name=Ada Lovelace' });
  await openConversation(alice, '1002');
  await write(alice, 'line one\nline two');
  await expect(far.page.locator('#inbox')).toHaveText('1001: line one\nline two');
  await expect(messages(alice).last()).toContainText('Delivered');
  await far.page.getByLabel('Message to').fill('1001');
  await far.page.getByLabel('Text').fill('from JsSIP');
  await far.page.getByRole('button', { name: 'Send' }).click();
  await expect(messages(alice)).toContainText([/line one/, 'from JsSIP']);
  await expect(alice.page.getByRole('heading', { name: 'Ada Lovelace' })).toBeVisible();
});
