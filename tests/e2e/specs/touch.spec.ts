import { expect, test, type OpenOptions } from '../support/fixtures';

test.skip(({ browserName }) => browserName === 'firefox', "The touches of Firefox's driver reach no page.");

const finger: OpenOptions = { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } };

test('a call is placed, held, transferred and ended by touch', async ({ phones }) => {
  const alice = await phones.signIn('1001', finger);
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  for (const digit of '1002') await alice.key(digit).tap();
  await alice.callButton.tap();
  await bob.answer();
  await alice.expectInCall('1002');
  await alice.muteButton.tap();
  await expect(alice.muteButton).toHaveAttribute('aria-pressed', 'true');
  await bob.expectSilence();
  await alice.muteButton.tap();
  await bob.expectHears();
  await alice.keypadButton.tap();
  await alice.key('5').tap();
  await expect.poll(() => alice.page.evaluate(() => window.ears.keysSent())).toBe('5');
  await alice.keypadButton.tap();
  await alice.holdButton.tap();
  await expect(alice.shown(alice.names.onHold)).toBeVisible();
  await bob.expectSilence();
  await alice.resumeButton.tap();
  await expect(alice.holdButton).toBeVisible();
  const carol = await phones.signIn('1003', { kind: 'jssip' });
  await alice.transferButton.tap();
  await alice.transferTarget.tap();
  await alice.transferTarget.fill('1003');
  await alice.transferNowButton.tap();
  await carol.answer();
  await Promise.all([alice.expectDialer(), carol.expectHears(), bob.expectHears()]);
});

test('two calls are answered, swapped, joined and split by touch', async ({ phones }) => {
  const alice = await phones.signIn('1001', finger);
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  const carol = await phones.signIn('1003', { kind: 'jssip' });
  await bob.call('1001');
  await alice.answerButton.tap();
  await alice.expectInCall('1002');
  await carol.call('1001');
  await alice.answerAndHoldButton.tap();
  await alice.expectInCall('1003');
  await alice.swapButton.tap();
  await alice.expectInCall('1002');
  await alice.conferenceButton.tap();
  await Promise.all([bob.expectHears(), carol.expectHears()]);
  await alice.splitButton.tap();
  await expect(alice.swapButton).toBeVisible();
  await alice.hangUpButton.tap();
  await expect(alice.swapButton).toBeHidden();
});
