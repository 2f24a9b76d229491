import { add, button } from '../../support/book';
import { expect, test, type Phones } from '../../support/page';
import type { Phone } from '../../support/phone';

/** A JsSIP page whose calls carry these header lines. */
function caller(phones: Phones, ...headers: string[]): Promise<Phone> {
  const query = headers.map((line) => `header=${encodeURIComponent(line)}`).join('&');
  return phones.signIn('1002', { kind: 'jssip', query: `name=Ada Lovelace&${query}` });
}

test('an asserted number whose signature has passed is shown in groups, and marked', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const number = '+573001234567;verstat=TN-Validation-Passed';
  const far = await caller(phones, `P-Asserted-Identity: "Clínica" <sip:${number}@webphone.test>`);
  await far.call('1001');
  await alice.expectIncoming('Clínica', '+57 300 123 4567', 'Number verified by your provider');
  await expect(alice.incoming).not.toContainText('Ada Lovelace');
  await alice.answer();
  await alice.expectInCall('Clínica');
});

test('an asserted number is marked where the server vouches for it, and nowhere else', async ({ phones }) => {
  const alice = await phones.signIn('1001', { meta: { 'webphone-vouches': 'yes' } });
  const bob = await phones.signIn('1003');
  const far = await caller(phones, 'P-Asserted-Identity: "Clínica" <sip:+573001234567@webphone.test>');
  await far.call('1001');
  await alice.expectIncoming('Clínica', '+57 300 123 4567', 'Number verified by your provider');
  await far.hangUp();
  await far.call('1003');
  await bob.expectIncoming('Clínica', '+57 300 123 4567');
  await expect(bob.incoming).not.toContainText('verified');
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

test('a name takes no other place in a sentence, and leaves the order of its words alone', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  for (const [name, shown] of [['{target}', '{target}'], ['שלום', '\u2068שלום\u2069']]) {
    await alice.contactsTab.click();
    await add(alice, name, '1002');
    await alice.phoneTab.click();
    await bob.call('1001');
    await alice.answer();
    await alice.expectInCall(name);
    await bob.fillTransfer('1003');
    await bob.transferNowButton.click();
    const question = `${shown} wants to connect you with 1003`;
    await expect(alice.page.getByRole('alertdialog', { name: question, exact: true })).toBeVisible();
    await alice.refuseButton.click();
    await bob.hangUp();
    await alice.expectDialer();
    await alice.contactsTab.click();
    await alice.rows.filter({ hasText: name }).getByRole('button').first().click();
    await button(alice, 'Delete').click();
  }
});

test('beside a name that is only claimed stands the number', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const far = await caller(phones);
  await far.call('1001');
  await alice.expectIncoming('Ada Lovelace', '1002');
  await far.hangUp();
  await alice.expectDialer();
  await alice.historyTab.click();
  await expect(alice.rows.first()).toContainText('Ada Lovelace (1002)');
  await alice.contactsTab.click();
  await add(alice, 'Ana', '1002');
  await alice.historyTab.click();
  await expect(alice.rows.first()).toContainText('Ana');
  await expect(alice.rows.first()).not.toContainText('1002');
});
