import { expect, test, type Phones } from '../support/fixtures';
import { expectAudioBothWays, expectSilenceBothWays, talk, type Phone } from '../support/phone';

/** Alice talks to Bob, and Carol calls her. */
async function waiting(phones: Phones): Promise<Phone[]> {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  const carol = await phones.signIn('1003', { kind: 'jssip', query: 'name=Carol' });
  await talk(alice, bob);
  await carol.call('1001');
  await alice.expectIncoming('Carol', '1003');
  return [alice, bob, carol];
}

test('a call that waits sounds its tone, leaves the controls alone and can be declined', async ({ phones }) => {
  const [alice, bob, carol] = await waiting(phones);
  await alice.expectTone();
  await alice.expectSays(/Incoming call from Carol/);
  await expect(alice.page).toHaveTitle(/Carol/);
  await alice.expectInCall('1002');
  await alice.setMuted(true);
  await alice.setMuted(false);
  await alice.decline();
  await expect(alice.incoming).toBeHidden();
  await carol.expectDialer();
  await alice.expectInCall('1002');
  await expectAudioBothWays(alice, bob);
});

test('answer and hold, then swap: one is heard and the other is on hold', { tag: '@gate' }, async ({ phones }) => {
  const [alice, bob, carol] = await waiting(phones);
  await alice.answerAndHoldButton.click();
  await alice.expectInCall('Carol');
  await carol.expectInCall('1001');
  await expect(bob.shown('1001 holds the call')).toBeVisible();
  await expect(alice.callRow('1002')).toContainText('On hold');
  await expect(alice.callRow('Carol')).toHaveAttribute('aria-current', 'true');
  await expectAudioBothWays(alice, carol);
  await bob.expectSilence();

  await alice.swapButton.click();
  await expect(alice.callRow('Carol')).toContainText('On hold');
  await expect(alice.callRow('1002')).toHaveAttribute('aria-current', 'true');
  await expect(carol.shown('The other side holds the call')).toBeVisible();
  await bob.expectHears();
  await carol.expectSilence();

  await alice.callRow('Carol').click();
  await expect(alice.callRow('1002')).toContainText('On hold');
  await carol.expectHears();
});

test('answer and end ends the call in front', async ({ phones }) => {
  const [alice, bob, carol] = await waiting(phones);
  await alice.answerAndEndButton.click();
  await bob.expectDialer();
  await alice.expectInCall('Carol');
  await expect(alice.callList).toBeHidden();
  await expectAudioBothWays(alice, carol);
});

test('a caller who gives up is said, and the call goes on', async ({ phones }) => {
  const [alice, bob, carol] = await waiting(phones);
  await carol.hangUp();
  await expect(alice.incoming).toBeHidden();
  await alice.expectSays(/Carol \(1003\) hung up before you answered/);
  await expectAudioBothWays(alice, bob);
});

test('a waiting call is answered without a mouse', async ({ phones }) => {
  const [alice, , carol] = await waiting(phones);
  await alice.answerAndHoldButton.press('Enter');
  await alice.expectInCall('Carol');
  await expectAudioBothWays(alice, carol);
});

test('a second call is added, and after its end the first one waits to be resumed', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  const carol = await phones.signIn('1003', { kind: 'jssip' });
  await talk(alice, bob);
  await alice.addCallButton.click();
  await expect(alice.callRow('1002')).toBeVisible();
  await expect(alice.hangUpButton).toBeHidden();
  await alice.call('1003');
  await alice.expectRinging('1003');
  await expect(alice.callRow('1002')).toContainText('On hold');
  await carol.answer();
  await alice.expectInCall('1003');
  await expect(alice.addCallButton, 'two calls are the limit').toBeHidden();
  await expectAudioBothWays(alice, carol);
  await carol.hangUp();
  await alice.expectInCall('1002');
  await expect(alice.shown('On hold')).toBeVisible();
  await expectSilenceBothWays(alice, bob);
  await alice.resume();
  await expectAudioBothWays(alice, bob);
});

test('a second call that fails leads back to the first', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await alice.addCall('2486');
  await alice.expectSays(/busy/);
  await alice.expectInCall('1002');
  await alice.resume();
  await expectAudioBothWays(alice, bob);
});

test('while another call is dialled the call stays in sight, and a tap leads back to it', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await expect(alice.callList).toBeHidden();
  await alice.addCallButton.click();
  await expect(alice.hangUpButton).toBeHidden();
  await expect(alice.callRow('1002')).toContainText(/\d\d:\d\d/);
  await alice.callRow('1002').click();
  await alice.expectInCall('1002');
  await expectAudioBothWays(alice, bob);
});
