import { expect, test } from '../../support/page';
import { keysByInfo } from '../../support/ears';
import { talk, type Phone } from '../../support/phone';

/** The keys that have gone out as telephone events. */
async function expectSentByEvents(phone: Phone, keys: string): Promise<void> {
  await expect
    .poll(() => phone.page.evaluate(() => window.ears.keysSent()), { message: `${phone} should send ${keys}` })
    .toBe(keys);
}

test('keys go as INFO where the far end takes no telephone events', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip', query: 'no-telephone-event' });
  await talk(alice, bob);
  await alice.page.keyboard.type('42*');
  await expect(bob.keysReceived).toHaveText('42*');
  await alice.sip.expectSent(/^INFO /, 3);
  expect(alice.sip.sent(/^INFO /).length).toBe(3);
  await expect(alice.keysSent).toHaveValue('42*');
});

test('keys go as INFO where the page is configured so', async ({ phones }) => {
  const alice = await phones.signIn('1001', { before: keysByInfo });
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await talk(alice, bob);
  await alice.page.keyboard.type('19');
  await expect(bob.keysReceived).toHaveText('19');
  await expectSentByEvents(alice, '');
});
