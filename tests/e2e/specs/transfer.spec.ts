import { expect, test, withEachFarEnd, type Phones } from '../support/fixtures';
import { expectAudioBothWays, talk, type Kind, type Phone } from '../support/phone';

/** Alice talks to Bob, and Carol is there. */
async function three(phones: Phones, bobs: Kind = 'jssip', carols: Kind = 'webphone'): Promise<Phone[]> {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: bobs });
  const carol = await phones.signIn('1003', { kind: carols });
  await talk(alice, bob);
  return [alice, bob, carol];
}

test('Enter transfers, the progress is shown, and the call ends when the two have each other', { tag: ['@gate', '@firefox'] }, async ({ phones }) => {
  const [alice, bob, carol] = await three(phones);
  await alice.fillTransfer('1003');
  await alice.page.keyboard.press('Enter');
  await expect(alice.shown('1003 rings')).toBeVisible();
  await alice.expectSays(/1003 rings/);
  await carol.expectIncoming('1002');
  await carol.answer();
  await alice.expectSays(/1002 was transferred to 1003/);
  await alice.expectDialer();
  await carol.expectInCall('1002');
  await bob.expectInCall('1003');
  await expectAudioBothWays(bob, carol);
});

test('a transfer by the other side asks for consent, and is done', { tag: '@gate' }, async ({ phones }) => {
  const [alice, bob, carol] = await three(phones, 'webphone', 'jssip');
  await bob.fillTransfer('1003');
  await bob.transferNowButton.click();
  await expect(bob.shown('Transferring to 1003…')).toBeVisible();
  const question = alice.page.getByRole('alertdialog', { name: '1002 wants to connect you with 1003' });
  await expect(question).toBeVisible();
  await alice.expectInCall('1002');
  await question.getByRole('button', { name: 'Call', exact: true }).click();
  await carol.expectIncoming('1001');
  await carol.answer();
  await bob.expectSays(/1001 was transferred to 1003/);
  await bob.expectDialer();
  await alice.expectInCall('1003');
  await expectAudioBothWays(alice, carol);
});

test('a transfer that is refused leaves the call as it was', async ({ phones }) => {
  const [alice, bob] = await three(phones, 'webphone');
  await bob.fillTransfer('1003');
  await bob.transferNowButton.click();
  await alice.refuseButton.click();
  await expect(alice.refuseButton).toBeHidden();
  await bob.expectSays(/The transfer failed: 1003 declined/);
  await expectAudioBothWays(alice, bob);
});

test('a transfer to somebody who is busy fails with the reason, and the call goes on', async ({ phones }) => {
  const [alice, bob] = await three(phones);
  await alice.fillTransfer('2486');
  await alice.page.keyboard.press('Enter');
  await alice.expectSays(/The transfer failed: 2486 is busy/);
  await alice.expectInCall('1002');
  await expect(alice.transferButton).not.toHaveAttribute('aria-busy');
  await alice.expectHears();
  expect(bob.sip.received(/^BYE /)).toEqual([]);
});

withEachFarEnd((far) => {
  test('consult first, then complete the transfer', { tag: ['@gate', '@firefox'] }, async ({ phones }) => {
    const [alice, bob, carol] = await three(phones, far, far);
    await alice.fillTransfer('1003');
    await alice.consultFirstButton.click();
    await expect(alice.shown('Ringing…')).toBeVisible();
    await expect(alice.callRow('1002')).toContainText('On hold');
    await expect(alice.cancelButton).toBeVisible();
    await carol.answer();
    await expectAudioBothWays(alice, carol);
    await alice.swapButton.click();
    await expect(alice.callRow('1003')).toContainText('On hold');
    await bob.expectHears();
    await alice.swapButton.click();
    await expect(alice.callRow('1002')).toContainText('On hold');
    await alice.completeTransferButton.click();
    if (bob.kind === 'webphone') {
      await bob.callButton.click();
      // Anybody could name their call: Carol is asked.
      await carol.expectIncoming('1002');
      await carol.answer();
    }
    await alice.expectSays(/1002 was transferred to 1003/);
    await alice.expectDialer();
    await bob.expectInCall('1003');
    await carol.expectInCall('1002');
    await expectAudioBothWays(bob, carol);
  });
});

test('a consultation that is cancelled leads back to the first call', async ({ phones }) => {
  const [alice, bob, carol] = await three(phones);
  await alice.fillTransfer('1003');
  await alice.consultFirstButton.click();
  await carol.answer();
  await expectAudioBothWays(alice, carol);
  await alice.cancelButton.click();
  await carol.expectDialer();
  await alice.expectInCall('1002');
  await expectAudioBothWays(alice, bob);
});

test('a consultation is completed while the target still rings', async ({ phones }) => {
  const [alice, bob, carol] = await three(phones);
  await alice.fillTransfer('1003');
  await alice.consultFirstButton.click();
  await carol.expectIncoming('1001');
  await alice.completeTransferButton.click();
  await carol.expectIncoming('1002');
  await carol.answer();
  await alice.expectDialer();
  await expectAudioBothWays(bob, carol);
});

test('two calls that are up are merged', async ({ phones }) => {
  const [alice, bob, carol] = await three(phones);
  await alice.addCall('1003');
  await carol.answer();
  await expectAudioBothWays(alice, carol);
  await expect(alice.mergeCallsButton).toHaveAttribute('title', /leaves you out/);
  await alice.mergeCallsButton.click();
  await carol.expectIncoming('1002');
  await carol.answer();
  await alice.expectDialer();
  await expectAudioBothWays(bob, carol);
});
