import { add, toggleFavourite } from '../../support/book';
import { expect, test } from '../../support/page';
import type { Phone } from '../../support/phone';
import { accessibilityFaults, layoutFaults } from '../../support/screens';

const row = (phone: Phone, name: string) => phone.rows.filter({ hasText: name }).getByRole('button').first();

test('favourites are watched as long as they are, at numbers of our domain alone, and again after a loss of the line', async ({ phones, server }) => {
  const alice = await phones.signIn('1001');
  const bob = server.peer('1002');
  const presence = (basic: string) =>
    `<presence xmlns="urn:ietf:params:xml:ns:pidf"><tuple id="a"><status><basic>${basic}</basic></status></tuple></presence>`;
  await alice.contactsTab.click();
  await add(alice, 'Zoe', '1003');
  await toggleFavourite(alice, 'Ana', '+57 604 123 4567');
  await toggleFavourite(alice, 'Bob', '1002');
  await expect(row(alice, 'Bob')).toHaveAccessibleName(/^Bob Unknown /);
  await expect(row(alice, 'Ana')).toHaveAccessibleName('Ana +57 604 123 4567');
  bob.reply(await bob.receive(/^SUBSCRIBE [^]*Event: dialog\r\n/), '489 Bad Event', { tag: 'a' });
  const asked = await bob.receive(/^SUBSCRIBE [^]*Event: presence\r\n/);
  bob.reply(asked, '200 OK', { tag: 'b', headers: ['Expires: 600'] });
  bob.notify(asked, 'b', 1, 'presence', 'application/pidf+xml', presence('closed'));
  await expect(row(alice, 'Bob')).toHaveAccessibleName(/^Bob Unavailable /);
  expect(alice.sip.sent(/^SUBSCRIBE sip:(1003|.*4567)@/)).toEqual([]);

  await server.stop();
  await expect(row(alice, 'Bob')).toHaveAccessibleName(/^Bob Unknown /);
  await server.start();
  const again = server.peer('1002');
  const anew = await again.receive(/^SUBSCRIBE [^]*Event: presence\r\n/);
  again.reply(anew, '200 OK', { tag: 'c', headers: ['Expires: 600'] });
  again.notify(anew, 'c', 1, 'presence', 'application/pidf+xml', presence('open'));
  await expect(row(alice, 'Bob')).toHaveAccessibleName(/^Bob Free /);

  await toggleFavourite(alice, 'Bob');
  await again.receive(/^SUBSCRIBE [^]*Expires: 0\r\n/);
  await expect(row(alice, 'Bob')).toHaveAccessibleName('Bob 1002');
});

for (const viewport of [{ width: 300, height: 500 }, { width: 1280, height: 800 }]) {
  test(`favourites with their lamps fit ${viewport.width} × ${viewport.height}`, async ({ phones }) => {
    const alice = await phones.signIn('1001', { viewport });
    await alice.contactsTab.click();
    await toggleFavourite(alice, 'A name of several long words', '1002');
    await toggleFavourite(alice, 'Bob', 'a-long-address@webphone.test');
    await expect(row(alice, 'Bob')).toHaveAccessibleName(/^Bob Unknown /);
    expect(await layoutFaults(alice.page)).toEqual([]);
    expect(await accessibilityFaults(alice.page)).toEqual([]);
  });
}
