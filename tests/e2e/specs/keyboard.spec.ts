import { expect, test, type Phones } from '../support/fixtures';
import { talk, type Phone } from '../support/phone';
import { tabTo } from '../support/keyboard';

test('two calls are swapped, joined and split without a mouse', async ({ phones }) => {
  const { alice, bob, carol } = await twoCalls(phones);
  await press(alice, alice.swapButton);
  await alice.expectInCall('1002');
  await press(alice, alice.conferenceButton);
  await Promise.all([bob.expectHears(), carol.expectHears()]);
  await press(alice, alice.splitButton);
  await expect(alice.mergeCallsButton).toBeVisible();
});

test('two calls are merged without a mouse', async ({ phones }) => {
  const { alice, bob, carol } = await twoCalls(phones);
  await press(alice, alice.mergeCallsButton);
  await Promise.all([alice.expectDialer(), bob.expectHears(), carol.expectHears()]);
});

/** Alice in two calls, which she has answered without a mouse: Carol's, and Bob's on hold. */
async function twoCalls(phones: Phones): Promise<Record<'alice' | 'bob' | 'carol', Phone>> {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  const carol = await phones.signIn('1003', { kind: 'jssip' });
  await bob.call('1001');
  await alice.expectIncoming('1002');
  await press(alice, alice.answerButton);
  await alice.expectInCall('1002');
  await carol.call('1001');
  await alice.expectIncoming('1003');
  await press(alice, alice.answerAndHoldButton);
  await expect(alice.swapButton).toBeVisible();
  await alice.expectInCall('1003');
  return { alice, bob, carol };
}

test('a transfer is consulted, swapped and completed without a mouse', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  const carol = await phones.signIn('1003', { kind: 'jssip' });
  await talk(bob, alice);
  await press(alice, alice.transferButton);
  await expect(alice.transferTarget).toBeFocused();
  await alice.page.keyboard.type('1003');
  await press(alice, alice.consultFirstButton);
  await carol.answer();
  await expect(alice.completeTransferButton).toBeVisible();
  await press(alice, alice.swapButton);
  await alice.expectInCall('1002');
  await press(alice, alice.swapButton);
  await expect(alice.completeTransferButton).toBeVisible();
  await press(alice, alice.completeTransferButton);
  await Promise.all([alice.expectDialer(), bob.expectHears(), carol.expectHears()]);
});

async function press(phone: Phone, control: Phone['numberBox']): Promise<void> {
  await tabTo(phone, control);
  await phone.page.keyboard.press('Enter');
}
