import { expect, test } from '../../support/page';
import { talk } from '../../support/phone';
import { accessibilityFaults, layoutFaults } from '../../support/screens';

for (const viewport of [{ width: 300, height: 500 }, { width: 390, height: 844 }, { width: 1280, height: 800 }]) {
  for (const lang of ['en', 'es'] as const) {
    test(`what can be done in calls fits ${viewport.width} × ${viewport.height} in ${lang}`, async ({ phones }) => {
      const alice = await phones.signIn('1001', { viewport, reducedMotion: 'reduce', query: `lang=${lang}`, language: lang });
      const bob = await phones.signIn('1002', { kind: 'jssip', query: 'name=Ada Lovelace' });
      const carol = await phones.signIn('1003', { kind: 'jssip', query: 'name=Carol Hoffmann-Mendoza' });
      const check = async (state: string) => {
        expect.soft(await layoutFaults(alice.page), state).toEqual([]);
        expect.soft(await accessibilityFaults(alice.page), state).toEqual([]);
      };
      await talk(bob, alice);
      await check('in a call');
      await alice.keypadButton.click();
      await check('keypad');
      await alice.keypadButton.click();
      await carol.call('1001');
      await alice.expectIncoming('Carol');
      await check('a call waits');
      await alice.answerAndHoldButton.click();
      await alice.expectInCall('Carol');
      await check('two calls');
      await alice.conferenceButton.click();
      await alice.splitButton.waitFor();
      await check('conference');
      await alice.splitButton.click();
      await carol.hangUp();
      await expect(alice.callList).toBeHidden();
      await alice.fillTransfer('1003');
      await alice.page.keyboard.press('Escape');
      await alice.addCallButton.click();
      await check('add call');
    });
  }
}

for (const viewport of [{ width: 300, height: 500 }, { width: 320, height: 568 }, { width: 390, height: 664 }, { width: 1280, height: 720 }]) {
  test(`at ${viewport.width} × ${viewport.height} a call is ended without scrolling first`, async ({ phones }) => {
    const alice = await phones.signIn('1001', { viewport, reducedMotion: 'reduce' });
    const bob = await phones.signIn('1002', { kind: 'jssip', query: 'name=Ada Lovelace' });
    const carol = await phones.signIn('1003', { kind: 'jssip', query: 'name=Carol Hoffmann-Mendoza' });
    const check = (state: string) => expect.soft(alice.hangUpButton, state).toBeInViewport({ ratio: 1 });
    await talk(bob, alice);
    await check('in a call');
    await alice.hold();
    await check('on hold');
    await alice.resume();
    await carol.call('1001');
    await alice.answerAndHoldButton.click();
    await alice.expectInCall('Carol');
    await check('two calls');
    await alice.conferenceButton.click();
    await alice.splitButton.waitFor();
    await check('conference');
  });
}
