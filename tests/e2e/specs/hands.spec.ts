import { expect, test } from '../support/fixtures';
import { talk } from '../support/phone';

test('a call that was muted is heard again in the next one', { tag: '@gate' }, async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await alice.setMuted(true);
  await alice.hangUp();
  await Promise.all([alice.expectDialer(), bob.expectDialer()]);
  await talk(alice, bob);
  await expect(alice.muteButton).toHaveAttribute('aria-pressed', 'false');
  await bob.expectHears();
});
