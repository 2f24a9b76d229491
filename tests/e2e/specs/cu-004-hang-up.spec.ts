import { expect, test, withEachFarEnd } from '../support/fixtures';
import { expectAudioBothWays, talk } from '../support/phone';

withEachFarEnd((far) => {
  for (const who of ['this side', 'the far end']) {
    test(`${who} hangs up, and the next call is possible`, { tag: ['@gate', '@firefox'] }, async ({ phones }) => {
      const alice = await phones.signIn('1001');
      const bob = await phones.signIn('1002', { kind: far });
      await talk(alice, bob);
      await expectAudioBothWays(alice, bob);
      await (who === 'this side' ? alice : bob).hangUp();
      await Promise.all([alice.expectDialer(), bob.expectDialer()]);
      await expect
        .poll(() => alice.page.evaluate(() => window.ears.openConnections()), 'the media should be closed')
        .toBe(0);
      await talk(bob, alice);
      await expectAudioBothWays(alice, bob);
    });
  }
});
