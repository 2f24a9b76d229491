import { test, withEachFarEnd } from '../support/fixtures';
import { expectAudioBothWays, expectNoCallLeft, talk, type Phone } from '../support/phone';

withEachFarEnd((far) => {
  for (const [caller, callee] of [['this side', 'the far end'], ['the far end', 'this side']]) {
    test(`${caller} cancels while ${callee} rings`, { tag: '@gate' }, async ({ phones }) => {
      const near = await phones.signIn('1001');
      const other = await phones.signIn('1002', { kind: far });
      const [from, to] = caller === 'this side' ? [near, other] : [other, near];
      await from.call(to.extension);
      await to.expectIncoming(from.extension);
      await from.expectRinging(to.extension);
      await from.hangUp();
      await expectNoCallLeft(from, to);
      await to.sip.expectReceived(/^CANCEL /);
      await from.sip.expectReceived(/^SIP\/2.0 487 /);
      await talk(to, from);
    });

    test(`${callee} declines the call of ${caller}`, async ({ phones }) => {
      const near = await phones.signIn('1001');
      const other = await phones.signIn('1002', { kind: far });
      const [from, to] = caller === 'this side' ? [near, other] : [other, near];
      await from.call(to.extension);
      await to.expectIncoming(from.extension);
      await to.decline();
      await from.expectSays(/(declin|reject)/i);
      await expectNoCallLeft(from, to);
    });
  }

  test('hanging up and answering at the same instant leaves no ghost call', { tag: '@gate' }, async ({ phones }) => {
    const alice = await phones.signIn('1001');
    const bob = await phones.signIn('1002', { kind: far });
    for (let round = 0; round < 3; round++) {
      await alice.call('1002');
      await bob.expectIncoming('1001');
      await alice.expectRinging('1002');
      // Either click may find its button gone, which is a good end too.
      const click = (phone: Phone, name: string) =>
        phone.page.evaluate((text) => {
          const buttons = [...document.querySelectorAll('button')].filter((button) => button.checkVisibility());
          buttons.find((button) => (button.ariaLabel ?? button.textContent ?? '').trim() === text)?.click();
        }, name);
      await Promise.all([click(alice, 'Hang up'), click(bob, 'Answer')]);
      await expectNoCallLeft(alice, bob);
    }
    await talk(alice, bob);
    await expectAudioBothWays(alice, bob);
  });
});
