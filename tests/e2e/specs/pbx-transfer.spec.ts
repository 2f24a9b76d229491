import { expect, test } from '../support/fixtures';
import { does, expectOut, expectTalk, hums, signInAt, three, transferNow } from '../support/pbx';
import { talk } from '../support/phone';
import { quietButton } from '../support/talk';

// Transfers through Asterisk, where all three are telephones of ours: one transfers, one is transferred, one is the target.

test('a call is transferred: its progress is shown, and the other two have each other', { tag: '@gate' }, async ({ phones, asterisk }) => {
  const [alice, bob, carol] = await three(phones, asterisk);
  await transferNow(alice, '1003');
  await expect(alice.shown(/^1003 rings/)).toBeVisible();
  await carol.expectIncoming('1002');
  await carol.answer();
  await alice.expectSays(/was transferred to 1003/);
  await alice.expectDialer();
  await expectOut(asterisk, alice);
  await expectTalk(bob, carol);
  await carol.expectInCall('1002');
  await bob.expectInCall('1003'); // Asterisk tells him with whom he is connected.
  await carol.hangUp();
  await bob.expectDialer();
});

test('who was called transfers the caller', async ({ phones, asterisk }) => {
  const [alice, bob, carol] = await three(phones, asterisk);
  await bob.fillTransfer('1003');
  await bob.page.keyboard.press('Enter');
  await carol.expectIncoming('1001');
  await carol.answer();
  await bob.expectSays(/was transferred to 1003/);
  await bob.expectDialer();
  await expectTalk(alice, carol);
  await alice.expectInCall('1003');
});

test('a transfer to a number that does not exist fails with the reason, and the call goes on', async ({ phones, asterisk }) => {
  const [alice, bob] = await three(phones, asterisk);
  await alice.fillTransfer('nobody');
  await alice.transferNowButton.click();
  await alice.expectSays(/The transfer failed: nobody does not exist/);
  await alice.expectInCall('1002');
  await expect(alice.transferButton).not.toHaveAttribute('aria-busy');
  await expectTalk(alice, bob);
});

test('a transfer to who is busy fails with the reason', async ({ phones, asterisk }) => {
  const [alice, bob, carol] = await three(phones, asterisk);
  await quietButton(carol).click();
  await transferNow(alice, '1003');
  await alice.expectSays(/The transfer failed: 1003 is busy/);
  await alice.expectDialer(); // Asterisk has let him go.
  await expectOut(asterisk, alice);
  await bob.expectDialer();
});

test('a transfer that the target declines is not left as a call with nobody', async ({ phones, asterisk }) => {
  const [alice, bob, carol] = await three(phones, asterisk);
  await transferNow(alice, '1003');
  await carol.expectIncoming('1002');
  await carol.decline();
  await alice.expectSays(/The transfer failed/);
  await alice.expectDialer();
  await expectOut(asterisk, alice);
  await bob.expectDialer();
});

test('consult first, swap, then complete the transfer', { tag: '@gate' }, async ({ phones, asterisk }) => {
  const [alice, bob, carol] = await three(phones, asterisk);
  await alice.fillTransfer('1003');
  await alice.consultFirstButton.click();
  await carol.expectIncoming('1001');
  await carol.answer();
  await expectTalk(alice, carol);
  await bob.expectHears(); // Music.
  await alice.swapButton.click();
  await expectTalk(alice, bob);
  await alice.swapButton.click();
  await expectTalk(alice, carol);
  await alice.completeTransferButton.click();
  await alice.expectSays(/was transferred to/);
  await alice.expectDialer();
  await alice.sip.expectSent(/^REFER [^]*Refer-To: [^\r]*Replaces/);
  await expectOut(asterisk, alice);
  await expectTalk(bob, carol);
  await bob.expectInCall('1003');
  await carol.expectInCall('1002');
});

test('a consultation is cancelled, and the first call goes on', async ({ phones, asterisk }) => {
  const [alice, bob, carol] = await three(phones, asterisk);
  await alice.fillTransfer('1003');
  await alice.consultFirstButton.click();
  await carol.answer();
  await expectTalk(alice, carol);
  await alice.cancelButton.click();
  await carol.expectDialer();
  await alice.expectInCall('1002');
  await expectTalk(alice, bob);
});

test('a transfer is completed while the target still rings', async ({ phones, asterisk }) => {
  const [alice, bob, carol] = await three(phones, asterisk);
  await alice.fillTransfer('1003');
  await alice.consultFirstButton.click();
  await carol.expectIncoming('1001');
  await alice.completeTransferButton.click();
  // For a moment both ring: the call that consulted, until its end has come through, and the new one.
  await expect(carol.page.getByRole('alertdialog', { name: /1001/ })).toBeHidden();
  await carol.expectIncoming('1002');
  await carol.answer();
  await alice.expectDialer();
  await expectTalk(bob, carol);
});

test('two calls that are up are merged', async ({ phones, asterisk }) => {
  const [alice, bob, carol] = await three(phones, asterisk);
  await alice.addCall('1003');
  await carol.answer();
  await expectTalk(alice, carol);
  await alice.mergeCallsButton.click();
  await alice.expectDialer();
  await expectOut(asterisk, alice);
  await expectTalk(bob, carol);
});

test('a caller of the telephone network is transferred', async ({ phones, asterisk, plainPeer }) => {
  const [alice, bob] = [await signInAt(phones, asterisk, '1001'), await signInAt(phones, asterisk, '1002')];
  await plainPeer.dial('1001', asterisk);
  await alice.answer();
  await alice.expectHearsPitches([plainPeer.pitch]);
  await alice.fillTransfer('1002');
  await alice.transferNowButton.click();
  await bob.expectIncoming(plainPeer.answering.slice(1));
  await bob.answer();
  await alice.expectDialer();
  await bob.expectHearsPitches([plainPeer.pitch]);
  await plainPeer.expectHears();
});

test('who is transferred by another telephone keeps the sound, and is told with whom', async ({ phones, asterisk }) => {
  const alice = await signInAt(phones, asterisk, '1001');
  const carol = await signInAt(phones, asterisk, '1003');
  const far = await signInAt(phones, asterisk, '1009', { kind: 'jssip' });
  await talk(alice, far);
  await does(far, `call.refer('1003')`);
  await carol.answer();
  await expectOut(asterisk, far);
  await expectTalk(alice, carol);
  await alice.expectInCall('1003');
});

test('Asterisk transfers by REFER, and asks for consent first', { tag: '@gate' }, async ({ phones, asterisk }) => {
  const alice = await signInAt(phones, asterisk, '1001');
  await alice.call('614');
  const question = alice.page.getByRole('alertdialog', { name: /614 wants to connect you with 600/ });
  await question.getByRole('button', { name: 'Call', exact: true }).click();
  await alice.expectInCall('600');
  await alice.expectHearsPitches([hums[1001]]); // Her own echo.
});
