import { expect, test } from '../../support/page';
import { account } from '../../support/kamailio';
import type { Phone } from '../../support/phone';
import { tabTo } from '../../support/keyboard';

/** Takes the focus off every control. */
async function blur(phone: Phone): Promise<void> {
  await phone.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
}

test('digits typed anywhere on the dialer dial, and Enter calls', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await blur(alice);
  await alice.page.keyboard.type('1002');
  await expect(alice.numberBox).toHaveValue('1002');
  await alice.page.keyboard.press('Enter');
  await bob.expectIncoming('1001');
});

test('digits typed into the box arrive once, and Enter calls', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await alice.numberBox.click();
  await alice.page.keyboard.type('2486');
  await expect(alice.numberBox).toHaveValue('2486');
  await alice.page.keyboard.press('Enter');
  await alice.expectSays(/busy/i);
});

test('star and hash are typed like digits', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await blur(alice);
  await alice.page.keyboard.type('*21#9');
  await expect(alice.numberBox).toHaveValue('*21#9');
});

test('digits typed on the sign-in screen go only where the focus is', async ({ phones }) => {
  const alice = await phones.open('1001');
  await alice.passwordBox.fill('');
  await alice.passwordBox.focus();
  await alice.page.keyboard.type('123');
  await expect(alice.passwordBox).toHaveValue('123');
  await expect(alice.numberBox).toBeHidden();
});

test('signing in needs no mouse', async ({ phones, server }) => {
  const alice = await phones.open('1001');
  const { address, password } = account('1001');
  await alice.addressBox.focus();
  for (const [box, text] of [[alice.addressBox, address], [alice.passwordBox, password], [alice.serverBox, server.url]] as const) {
    await tabTo(alice, box);
    await box.press('ControlOrMeta+a');
    await alice.page.keyboard.type(text);
  }
  await alice.page.keyboard.press('Enter');
  await alice.expectSays(/Connected/);
  await alice.expectDialer();
});

test('a call is answered, muted and ended without a mouse', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await bob.call('1001');
  await alice.expectIncoming('1002');
  await tabTo(alice, alice.answerButton);
  await alice.page.keyboard.press('Enter');
  await alice.expectInCall('1002');
  await tabTo(alice, alice.muteButton);
  await alice.page.keyboard.press('Space');
  await expect(alice.muteButton).toHaveAttribute('aria-pressed', 'true');
  await tabTo(alice, alice.hangUpButton);
  await alice.page.keyboard.press('Enter');
  await Promise.all([alice.expectDialer(), bob.expectDialer()]);
});
