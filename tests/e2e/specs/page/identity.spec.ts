import { expect, test, type Phones } from '../../support/page';
import type { Phone } from '../../support/phone';

/** A JsSIP page whose calls carry these header lines. */
function caller(phones: Phones, ...headers: string[]): Promise<Phone> {
  const query = headers.map((line) => `header=${encodeURIComponent(line)}`).join('&');
  return phones.signIn('1002', { kind: 'jssip', query: `name=Ada Lovelace&${query}` });
}

test('an asserted number is shown in groups, and marked', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const far = await caller(phones, 'P-Asserted-Identity: "Clínica" <sip:+573001234567@webphone.test>');
  await far.call('1001');
  await alice.expectIncoming('Clínica', '+57 300 123 4567', 'Number verified by your provider');
  await expect(alice.incoming).not.toContainText('Ada Lovelace');
  await alice.answer();
  await alice.expectInCall('Clínica');
});

test('a claimed identity is not marked', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const far = await caller(phones);
  await far.call('1001');
  await alice.expectIncoming('Ada Lovelace', '1002');
  await expect(alice.incoming).not.toContainText('verified');
});

test('a caller who wants to be anonymous is a hidden number', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const far = await caller(phones, 'Privacy: id', 'P-Asserted-Identity: <sip:1002@webphone.test>');
  await far.call('1001');
  await alice.expectIncoming('Hidden number');
  await expect(alice.incoming).not.toContainText('Ada');
  await expect(alice.incoming).not.toContainText('1002');
});

test('a call that was sent on says by whom', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const far = await caller(phones, 'Diversion: "Sales" <sip:600@webphone.test>;reason=user-busy');
  await far.call('1001');
  await alice.expectIncoming('Ada Lovelace', '1002', 'via Sales');
});

test('the page around the telephone hears who calls, and what the server says of it', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await alice.page.evaluate(() => {
    window.addEventListener('webphone-incoming', (event) => {
      (window as unknown as { told: unknown }).told = (event as CustomEvent).detail;
    });
  });
  const far = await caller(phones, 'X-Queue: sales', 'X-Customer: 42');
  await far.call('1001');
  await alice.expectIncoming('Ada Lovelace');
  await expect.poll(() => alice.page.evaluate(() => (window as unknown as { told: unknown }).told)).toEqual({
    name: 'Ada Lovelace',
    address: 'sip:1002@webphone.test',
    headers: { 'X-Queue': 'sales', 'X-Customer': '42' },
  });
});
