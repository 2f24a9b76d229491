import { toggleFavourite } from '../support/book';
import { expect, test } from '../support/fixtures';
import type { Phone } from '../support/phone';

const row = (phone: Phone, name: string) => phone.rows.filter({ hasText: name }).getByRole('button').first();

test('the lamp of a favourite says what its telephone does, told by Asterisk', async ({ phones, asterisk }) => {
  const alice = await phones.signIn('1001', { server: asterisk });
  const bob = await phones.signIn('1008', { server: asterisk, kind: 'jssip' });
  const carol = await phones.signIn('1009', { server: asterisk, kind: 'jssip' });
  await alice.contactsTab.click();
  await toggleFavourite(alice, 'Bob', '1008');
  await expect(row(alice, 'Bob')).toHaveAccessibleName(/^Bob Free 1008$/);
  await bob.call('600');
  await bob.expectInCall('600');
  await expect(row(alice, 'Bob')).toHaveAccessibleName(/^Bob In a call 1008$/);
  await bob.hangUp();
  await expect(row(alice, 'Bob')).toHaveAccessibleName(/^Bob Free /);
  await carol.call('1008');
  await bob.expectIncoming('1009');
  await expect(row(alice, 'Bob')).toHaveAccessibleName(/^Bob Ringing 1008$/);
  await bob.decline();
  await expect(row(alice, 'Bob')).toHaveAccessibleName(/^Bob Free /);
});
