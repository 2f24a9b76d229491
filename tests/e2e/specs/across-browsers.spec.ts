import { answerWithVideoButton, expectHoldHides, expectLive, expectSees, expectSeesNothing, installEyes, setCamera, videoCall } from '../support/eyes';
import { expect, test } from '../support/fixtures';
import { expectAudioBothWays, expectSilenceBothWays, talk, type Phone } from '../support/phone';

// Alice is in the project's browser and Bob in the other one: Chromium calls Firefox, and Firefox calls Chromium.

/** Many of a key, so that there is time to listen. */
async function expectKey(from: Phone, to: Phone, digit: string, pitches: number[]): Promise<void> {
  const keys = digit.repeat(20);
  await from.page.keyboard.type(keys);
  await to.expectHearsPitches(pitches);
  await expect.poll(() => from.page.evaluate(() => window.ears.keysSent()), `${from} should send its keys`).toBe(keys);
}

test('the two browsers hear each other, each holds and resumes, and keys arrive', { tag: '@alone' }, async ({ phones, otherBrowser }) => {
  const alice = await phones.signIn('1001', { pitch: 300 });
  const bob = await phones.signIn('1002', { browser: otherBrowser, pitch: 500 });
  await talk(alice, bob);
  await expectAudioBothWays(alice, bob);
  await Promise.all([alice.expectHearsPitches([500], [300]), bob.expectHearsPitches([300], [500])]);
  for (const [holder, held] of [[alice, bob], [bob, alice]]) {
    await holder.hold();
    await expect(held.shown(`${holder.extension} holds the call`)).toBeVisible();
    await expectSilenceBothWays(holder, held);
    await holder.resume();
    await expectAudioBothWays(alice, bob);
  }
  await expectKey(alice, bob, '5', [770, 1336]);
  await expectKey(bob, alice, '9', [852, 1477]);
  await bob.hangUp();
  await Promise.all([alice.expectDialer(), bob.expectDialer()]);
  await talk(bob, alice);
  await expectAudioBothWays(alice, bob);
});

test('the two browsers see each other, on hold not, and one goes on without a picture', { tag: '@alone' }, async ({ phones, otherBrowser }) => {
  const alice = await phones.signIn('1001', { before: installEyes });
  const bob = await phones.signIn('1002', { before: installEyes, browser: otherBrowser });
  await videoCall(alice, '1002');
  await bob.expectIncoming('1001');
  await answerWithVideoButton(bob).click();
  await Promise.all([expectSees(alice), expectSees(bob)]);
  await expectAudioBothWays(alice, bob);
  await expectHoldHides(bob, alice);
  await setCamera(bob, false);
  await expectLive(bob, {});
  await expectSeesNothing(alice);
  await expectSees(bob);
  await bob.hangUp();
  await Promise.all([alice.expectDialer(), bob.expectDialer()]);

  // The other one calls, and the picture comes later.
  await talk(bob, alice);
  await setCamera(bob, true);
  await expectSees(alice);
  await setCamera(alice, true);
  await expectSees(bob);
});

test('both hold at once, and each takes only its own hold back', async ({ phones, otherBrowser }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { browser: otherBrowser });
  await talk(alice, bob);
  await alice.hold();
  await bob.hold();
  await alice.resume();
  await expect(alice.shown('1002 holds the call')).toBeVisible();
  await bob.resume();
  await expectAudioBothWays(alice, bob);
});

test('a call is transferred from the one browser to the other', async ({ phones, otherBrowser }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { browser: otherBrowser });
  const carol = await phones.signIn('1003');
  await talk(alice, bob);
  await bob.fillTransfer('1003');
  await bob.transferNowButton.click();
  await alice.page.getByRole('alertdialog').getByRole('button', { name: 'Call', exact: true }).click();
  await carol.answer();
  await bob.expectDialer();
  await alice.expectInCall('1003');
  await expectAudioBothWays(alice, carol);
});

for (const where of ['this browser', 'the other browser'] as const) {
  test(`a conference of both, mixed in ${where}`, async ({ phones, otherBrowser }) => {
    const [here, there] = where === 'this browser' ? [{}, { browser: otherBrowser }] : [{ browser: otherBrowser }, {}];
    const [aliceHums, bobHums, carolHums] = [400, 700, 1100];
    const alice = await phones.signIn('1001', { pitch: aliceHums, ...here });
    const bob = await phones.signIn('1002', { pitch: bobHums, ...there });
    const carol = await phones.signIn('1003', { pitch: carolHums, ...here });
    await talk(alice, bob);
    await alice.addCall('1003');
    await carol.answer();
    await alice.expectInCall('1003');
    await alice.conferenceButton.click();
    await Promise.all([
      alice.expectHearsPitches([bobHums, carolHums]),
      bob.expectHearsPitches([aliceHums, carolHums], [bobHums]),
      carol.expectHearsPitches([aliceHums, bobHums], [carolHums]),
    ]);
    await alice.hold();
    await bob.expectHearsPitches([], [aliceHums, carolHums]);
    await alice.resume();
    await bob.expectHearsPitches([aliceHums, carolHums], [bobHums]);
  });
}
