import { add, toggleFavourite } from '../../support/book';
import { expect, test, type OpenOptions, type Phones } from '../../support/page';
import { talk, type Phone } from '../../support/phone';
import { accessibilityFaults, layoutFaults } from '../../support/screens';

const targets = (phone: Phone) => phone.transferSheet.getByRole('list', { name: 'Suggestions' }).getByRole('button');

/** Alice, who has Carol among her favourites and knows David, talks to Bob and opens the sheet. */
async function choosing(phones: Phones, options: OpenOptions = {}): Promise<Phone> {
  const alice = await phones.signIn('1001', options);
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await alice.contactsTab.click();
  await add(alice, 'David', '1004');
  await toggleFavourite(alice, 'Carol', '1003');
  await alice.phoneTab.click();
  await talk(alice, bob);
  await alice.openTransfer();
  return alice;
}

test('before anything is typed, the favourites are there with their lamps, and a click chooses one', async ({ phones, server }) => {
  const carol = server.peer('1003');
  const alice = await choosing(phones);
  await expect(targets(alice)).toHaveText(/Carol\s+Unknown\s+1003/);
  const asked = await carol.receive(/^SUBSCRIBE [^]*Event: dialog\r\n/);
  carol.reply(asked, '200 OK', { tag: 'a', headers: ['Expires: 600'] });
  const dialogs = '<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="1" state="full"><dialog id="a"><state>confirmed</state></dialog></dialog-info>';
  carol.notify(asked, 'a', 1, 'dialog', 'application/dialog-info+xml', dialogs);
  await expect(targets(alice)).toHaveAccessibleName('Carol In a call 1003');
  await targets(alice).click();
  await expect(alice.transferTarget).toHaveValue('1003');
  await expect(alice.transferTarget).toBeFocused();
  await alice.page.keyboard.press('Enter');
  await carol.receive(/^INVITE /);
  await expect(alice.transferSheet).toBeHidden();
  await alice.sip.expectSent(/^REFER [^]*Refer-To: <sip:1003@webphone\.test>/);
});

test('who is typed is suggested, and the arrow keys choose', async ({ phones }) => {
  const alice = await choosing(phones);
  await alice.transferTarget.fill('davi');
  await expect(targets(alice)).toHaveText(/David\s+1004/);
  await alice.transferTarget.press('ArrowDown');
  await expect(targets(alice)).toBeFocused();
  await alice.page.keyboard.press('ArrowUp');
  await expect(alice.transferTarget).toBeFocused();
  await alice.page.keyboard.press('Tab');
  await expect(targets(alice)).toBeFocused();
  await alice.page.keyboard.press('Enter');
  await expect(alice.transferTarget).toHaveValue('1004');
  await expect(targets(alice)).toHaveCount(0);
  const david = await phones.signIn('1004', { kind: 'jssip' });
  await alice.page.keyboard.press('Enter');
  await david.expectIncoming('1002');
});

test('nobody to suggest, nothing is shown', async ({ phones }) => {
  const alice = await choosing(phones);
  await alice.transferTarget.fill('zzz');
  await expect(targets(alice)).toHaveCount(0);
});

for (const viewport of [{ width: 300, height: 500 }, { width: 1280, height: 800 }]) {
  test(`the sheet with many favourites fits ${viewport.width} × ${viewport.height}`, async ({ phones }) => {
    const alice = await phones.signIn('1001', { viewport });
    const bob = await phones.signIn('1002', { kind: 'jssip' });
    await alice.contactsTab.click();
    for (const number of ['1003', '1004', '1005', '1006', '1007']) await toggleFavourite(alice, `Person ${number}`, number);
    await alice.phoneTab.click();
    await talk(alice, bob);
    await alice.transferButton.click();
    await expect(targets(alice)).toHaveCount(5);
    await expect(alice.transferNowButton).toBeInViewport();
    await expect(alice.consultFirstButton).toBeInViewport();
    expect(await layoutFaults(alice.page)).toEqual([]);
    expect(await accessibilityFaults(alice.page)).toEqual([]);
  });
}
