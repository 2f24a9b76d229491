import { button, nameBox } from '../../support/book';
import { expect, test, type OpenOptions } from '../../support/page';
import { messageBox, messages, messagesTab, quietButton, sendButton } from '../../support/talk';

test.skip(({ browserName }) => browserName === 'firefox', "The touches of Firefox's driver reach no page.");

const finger: OpenOptions = { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } };

test('the rooms are used by touch', async ({ phones }) => {
  const alice = await phones.signIn('1001', finger);
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  const named = (name: string) => button(alice, name);
  await alice.contactsTab.tap();
  await named('Add contact').tap();
  await nameBox(alice).fill('Bob');
  await alice.page.getByRole('main').getByRole('textbox', alice.names.number).fill('1002');
  await named('Save').tap();
  await alice.rows.first().getByRole('button', { name: 'Favourite' }).tap();
  await expect(alice.rows.first().getByRole('button', { name: 'Favourite' })).toHaveAttribute('aria-pressed', 'true');
  await named('Call Bob').tap();
  await bob.expectIncoming('1001');
  await bob.decline();
  await alice.expectDialer();

  await alice.historyTab.tap();
  await alice.rows.first().getByRole('button').first().tap();
  await bob.expectIncoming('1001');
  await bob.decline();
  await alice.expectDialer();
  await alice.historyTab.tap();
  await alice.rows.first().getByRole('button', { name: 'Delete call' }).tap();
  await expect(alice.rows).toHaveCount(1);
  await named('Undo').tap();
  await expect(alice.rows).toHaveCount(2);

  await messagesTab(alice).tap();
  await named('New message').tap();
  await alice.numberBox.fill('1002');
  await alice.numberBox.press('Enter');
  await messageBox(alice).fill('Hello');
  await sendButton(alice).tap();
  await expect(messages(alice).last()).toContainText('Delivered');
  await quietButton(alice).tap();
  await expect(quietButton(alice)).toHaveAttribute('aria-pressed', 'true');
});
