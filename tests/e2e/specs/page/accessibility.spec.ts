import { expect, test } from '../../support/page';
import { keys, type Phone } from '../../support/phone';
import { accessibilityFaults, visitScreens, type Screen } from '../../support/screens';
import { messagesTab } from '../../support/talk';

const named = (phone: Phone, name: string) => phone.page.getByRole('button', { name, exact: true });
const controls: Record<Screen, (phone: Phone) => Phone['numberBox'][]> = {
  'sign-in': (phone) => [phone.addressBox, phone.passwordBox, phone.serverBox, phone.connectButton],
  dialer: (phone) => [phone.numberBox, ...keys.map((key) => phone.key(key)), phone.callButton, phone.deleteButton, phone.signOutButton],
  calling: (phone) => [phone.shown('Ringing…'), phone.shown('1002'), phone.hangUpButton],
  history: (phone) => [phone.searchBox, phone.rows.first(), named(phone, 'Missed'), named(phone, 'Delete all calls')],
  contacts: (phone) => [phone.searchBox, named(phone, 'Add contact'), named(phone, 'Import contacts'), named(phone, 'Export contacts')],
  messages: (phone) => [named(phone, 'New message'), messagesTab(phone)],
  settings: (phone) => [phone.page.getByRole('switch', { name: 'Do not disturb' }), phone.page.getByLabel('Calls at once', { exact: true })],
  incoming: (phone) => [phone.incoming, phone.answerButton, phone.declineButton],
  'in call': (phone) => [phone.timer, phone.shown('Ada Lovelace'), phone.muteButton, phone.hangUpButton],
};

test('every screen has the controls of its row, each a real element with a name', async ({ phones, server }) => {
  await visitScreens(phones, server, {}, async (screen, phone) => {
    for (const control of controls[screen](phone)) await expect.soft(control, `${screen}: ${control}`).toBeVisible();
    await expect.soft(phone.page.getByRole('status').first(), `${screen}: role=status`).toBeAttached();
    expect.soft(await accessibilityFaults(phone.page), screen).toEqual([]);
  });
});

test('the password is not shown, and boxes tell the browser what they hold', async ({ phones }) => {
  const alice = await phones.open('1001');
  await expect(alice.passwordBox).toHaveAttribute('type', 'password');
  await expect(alice.passwordBox).toHaveAttribute('autocomplete', 'current-password');
  await expect(alice.addressBox).toHaveAttribute('autocomplete', 'username');
  await expect(alice.page).toHaveTitle('WebPhone');
});

test('an incoming call takes the focus, so that a screen reader speaks it', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await bob.call('1001');
  await alice.expectIncoming('1002');
  await expect
    .poll(() => alice.incoming.evaluate((dialog) => dialog.contains(document.activeElement)), 'the dialog should have the focus')
    .toBe(true);
});
