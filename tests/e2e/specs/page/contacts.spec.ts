import { add, button, kept, nameBox, savedFile } from '../../support/book';
import { account } from '../../support/kamailio';
import { expect, test } from '../../support/page';
import type { Phone } from '../../support/phone';
import { settingsButton } from '../../support/talk';

test('a contact is added, changed, made a favourite, deleted and brought back, and all is kept', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await alice.contactsTab.click();
  await expect(alice.shown('No contacts yet.')).toBeVisible();
  await add(alice, 'Ana Gómez', '1002', '+57 604 123 4567');
  await add(alice, 'Zoe', '1003');
  await alice.rows.filter({ hasText: 'Zoe' }).getByRole('button', { name: 'Favourite' }).click();
  await expect(alice.rows.first()).toContainText('Zoe');
  await expect(alice.rows.first().getByRole('button', { name: 'Favourite' })).toHaveAttribute('aria-pressed', 'true');

  await alice.rows.filter({ hasText: 'Ana' }).getByRole('button').first().click();
  await expect(nameBox(alice)).toHaveValue('Ana Gómez');
  await nameBox(alice).fill('Ana María');
  await button(alice, 'Save').click();
  await expect(alice.rows.filter({ hasText: 'Ana María' })).toBeVisible();

  await alice.rows.filter({ hasText: 'Ana' }).getByRole('button').first().click();
  await button(alice, 'Delete').click();
  await alice.expectSays(/Ana María was deleted/);
  await expect(alice.rows).toHaveCount(1);
  await button(alice, 'Undo').click();
  await expect(alice.rows).toHaveCount(2);

  await alice.searchBox.fill('maria');
  await expect(alice.rows).toHaveCount(1);
  await alice.searchBox.fill('604123');
  await expect(alice.rows).toContainText(['Ana María']);

  await alice.reload();
  await alice.contactsTab.click();
  await expect(alice.rows).toContainText(['Zoe', 'Ana María']);
});

/** Runs in the page before its own scripts: `closeDatabases` does what Safari does to a page in the background. */
function findDatabases(): void {
  const open = IDBFactory.prototype.open;
  const requests: IDBOpenDBRequest[] = [];
  IDBFactory.prototype.open = function (...args) {
    requests.push(open.apply(this, args));
    return requests.at(-1)!;
  };
  Object.assign(window, { closeDatabases: () => requests.forEach((request) => request.result.close()) });
}

test('a database that the browser has closed is opened again, and nothing is lost', async ({ phones }) => {
  const alice = await phones.signIn('1001', { before: findDatabases });
  await alice.contactsTab.click();
  await add(alice, 'Ana', '1002');
  await alice.page.evaluate(() => (window as unknown as { closeDatabases: () => void }).closeDatabases());
  await add(alice, 'Zoe', '1003');
  await expect.poll(async () => (await kept(alice.page, '1001', 'contacts')).length).toBe(2);
  await alice.reload();
  await alice.contactsTab.click();
  await expect(alice.rows).toContainText(['Ana', 'Zoe']);
});

test('a contact needs a name or a number, and Escape leaves it as it was', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await alice.contactsTab.click();
  await button(alice, 'Add contact').click();
  await button(alice, 'Save').click();
  await alice.expectSays(/Enter a name or a number/);
  await nameBox(alice).fill('Ana');
  await alice.page.keyboard.press('Escape');
  await expect(alice.shown('No contacts yet.')).toBeVisible();
});

test('a number that goes leaves the kinds of the others as they were', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await alice.contactsTab.click();
  await add(alice, 'Ana', '1002', '1003');
  await alice.rows.first().getByRole('button').first().click();
  const kinds = alice.page.getByLabel('Kind', { exact: true });
  await kinds.nth(1).selectOption('Work');
  await kinds.nth(0).selectOption('Home');
  await alice.page.getByRole('button', { name: 'Remove number', exact: true }).first().click();
  await expect(kinds).toHaveCount(1);
  await expect(kinds.locator('option:checked')).toHaveText('Work');
  await button(alice, 'Save').click();
  await expect(alice.rows.first()).toContainText('1003');
});

test('a contact that is half typed outlives an incoming call', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await alice.contactsTab.click();
  await button(alice, 'Add contact').click();
  await nameBox(alice).fill('Ana Gó');
  await alice.page.getByRole('main').getByRole('textbox', alice.names.number).fill('604');
  await bob.call('1001');
  await alice.expectIncoming('1002');
  await alice.decline();
  await alice.contactsTab.click();
  await expect(nameBox(alice)).toHaveValue('Ana Gó');
  await expect(alice.page.getByRole('main').getByRole('textbox', alice.names.number)).toHaveValue('604');
  await button(alice, 'Save').click();
  await expect(alice.rows).toContainText(['Ana Gó']);
});

test('calls in and out, and those of the past, carry the name of the contact', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip', query: 'name=Reception' });
  await alice.contactsTab.click();
  await add(alice, 'Ana Gómez', '1002');
  await alice.rows.first().getByRole('button', { name: 'Call Ana Gómez' }).click();
  await bob.expectIncoming('1001');
  await alice.expectRinging('Ana Gómez');
  await bob.decline();
  await alice.expectSays(/Ana Gómez/);
  await bob.call('1001');
  await alice.expectIncoming('Ana Gómez', '1002');
  await alice.decline();
  await alice.historyTab.click();
  await expect(alice.rows).toContainText(['Ana Gómez', 'Ana Gómez']);
});

test('contacts come from a vCard file, those who are known are completed, and go into one', async ({ phones, browserName }) => {
  const alice = await phones.signIn('1001');
  await alice.contactsTab.click();
  await add(alice, 'Ana Gómez', '1002');
  const file = [
    'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Gómez\r\nTEL:1002\r\nTEL;TYPE=WORK:604 123 4567\r\nEND:VCARD',
    'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:José Núñez\r\nTEL;VALUE=uri:tel:+57-300-555-0001\r\nIMPP:sip:jose@pbx.example\r\nEND:VCARD',
  ].join('\r\n');
  const choose = async (buffer: Buffer) => {
    const chooser = alice.page.waitForEvent('filechooser');
    await button(alice, 'Import contacts').click();
    await (await chooser).setFiles({ name: 'people.vcf', mimeType: 'text/vcard', buffer });
  };
  await choose(Buffer.from(file));
  await alice.expectSays(/1 added, 1 merged/);
  await expect(alice.rows).toContainText(['Ana Gómez', 'José Núñez']);
  const other = Buffer.from('%PDF-1.4');
  // To Firefox, the window from which its driver has taken the first file is still open.
  if (browserName === 'firefox') await alice.page.locator('input[type=file]').setInputFiles({ name: 'people.pdf', mimeType: 'application/pdf', buffer: other });
  else await choose(other);
  await alice.expectSays(/no contacts/);
  await expect(alice.rows).toHaveCount(2);

  const { name, text } = await savedFile(alice.page, () => button(alice, 'Export contacts').click());
  expect(name).toBe('contacts.vcf');
  expect(text.match(/BEGIN:VCARD/g)).toHaveLength(2);
  for (const line of ['FN:Ana Gómez', 'TEL;TYPE=WORK:604 123 4567', 'FN:José Núñez', 'IMPP;TYPE=VOICE:sip:jose@pbx.example']) {
    expect(text).toContain(`${line}\r\n`);
  }
});

test('contacts are kept, called and opened without a mouse', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await alice.contactsTab.click();
  await button(alice, 'Add contact').focus();
  await alice.page.keyboard.press('Enter');
  await expect(nameBox(alice)).toBeFocused();
  await alice.page.keyboard.type('Ana');
  for (let stop = 0; stop < 4; stop++) await alice.page.keyboard.press('Tab');
  await alice.page.keyboard.type('1002');
  await alice.page.keyboard.press('Enter');
  await expect(alice.rows).toHaveCount(1);
  await alice.searchBox.focus();
  const focused = alice.page.locator(':focus');
  await alice.page.keyboard.press('Tab');
  await expect(focused).toContainText('Ana');
  await alice.page.keyboard.press('Tab');
  await alice.page.keyboard.press('Tab');
  await expect(focused).toHaveAccessibleName('Call Ana');
  await alice.page.keyboard.press('Enter');
  await bob.expectIncoming('1001');
});

test('who is typed is suggested, and the arrow keys or a click put the number in', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await alice.call('2486');
  await alice.expectSays(/busy/);
  await alice.contactsTab.click();
  await add(alice, 'Ana Gómez', '1002');
  await alice.phoneTab.click();
  const suggestions = alice.page.getByRole('list', { name: 'Suggestions' });
  await alice.numberBox.fill('gomez');
  await expect(suggestions.getByRole('button')).toHaveText(/Ana Gómez\s+1002/);
  await alice.numberBox.press('ArrowDown');
  await alice.page.keyboard.press('Enter');
  await expect(alice.numberBox).toHaveValue('1002');
  await expect(alice.numberBox).toBeFocused();
  await expect(suggestions).toBeHidden();
  await alice.numberBox.fill('24');
  await suggestions.getByRole('button', { name: '2486' }).click();
  await expect(alice.numberBox).toHaveValue('2486');
});

/** Chooses a file of contacts. */
async function importFile(phone: Phone, text: string | Buffer): Promise<void> {
  const file = { name: 'contacts.vcf', mimeType: 'text/vcard', buffer: Buffer.from(text) };
  await phone.page.locator('input[type=file]').setInputFiles(file);
}

test('two people of one name are two, told apart by where they work, and a file in another character set is read', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await alice.contactsTab.click();
  const card = (organisation: string, number: string) => `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Hans Meyer\r\nORG:${organisation}\r\nTEL:${number}\r\nEND:VCARD\r\n`;
  await importFile(alice, card('Acme', '+4940555033') + card('Initech', '+4940555044'));
  await alice.expectSays(/2 added, 0 merged/);
  await expect(alice.rows).toContainText(['Acme · +4940555033', 'Initech · +4940555044']);
  await importFile(alice, card('Acme', '+4940555033'));
  await alice.expectSays(/0 added, 1 merged/);
  const latin = 'BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg;;;\r\nTEL:1005\r\nEND:VCARD\r\n';
  await importFile(alice, latin);
  await expect(alice.rows.filter({ hasText: 'Jörg Müller' })).toBeVisible();
  await importFile(alice, Buffer.from('BEGIN:VCARD\nFN:Zo\xeb\nTEL:1006\nEND:VCARD\n', 'latin1'));
  await expect(alice.rows.filter({ hasText: 'Zoë' })).toBeVisible();

  await alice.rows.filter({ hasText: 'Initech' }).getByRole('button').first().click();
  await alice.page.getByRole('textbox', { name: 'Company', exact: true }).fill('Globex');
  await button(alice, 'Save').click();
  await expect(alice.rows.filter({ hasText: 'Globex · +4940555044' })).toBeVisible();
});

test('whoever forgets the account leaves nothing of it in the browser', async ({ phones, server }) => {
  const alice = await phones.signIn('1001');
  await alice.contactsTab.click();
  await add(alice, 'Ana Gómez', '1002');
  await expect.poll(async () => (await kept(alice.page, '1001', 'contacts')).length).toBe(1);
  await settingsButton(alice).click();
  await alice.page.getByRole('switch', { name: 'Answer by itself', exact: true }).check();
  await button(alice, 'Forget this account').click();
  await alice.expectSays(/This cannot be undone/);
  await button(alice, 'Erase everything').click();
  await alice.sip.expectReceived(/^SIP\/2\.0 200 [^]*\r\nCSeq: *\d+ +REGISTER/i, 2);
  await expect(alice.addressBox).toHaveValue('');
  const left = await alice.page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name }) => name!);
    return [...names, ...Object.keys(localStorage)].filter((name) => /1001|address|server|stays/.test(name));
  });
  expect(left).toEqual([]);
  await alice.signIn({ ...account('1001'), server: server.url });
  await alice.contactsTab.click();
  await expect(alice.shown('No contacts yet.')).toBeVisible();
});

test('a database that another tab holds in an older version is waited for, and then all is there', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await alice.contactsTab.click();
  await add(alice, 'Ana', '1002');
  await expect.poll(async () => (await kept(alice.page, '1001', 'contacts')).length).toBe(1);
  // The next page's open is kept waiting, as one is that needs a version which another tab has no room for.
  const hold = () => {
    const open = IDBFactory.prototype.open;
    IDBFactory.prototype.open = function (name, version) {
      if (!name.startsWith('webphone:') || name.endsWith('recordings')) return open.call(this, name, version);
      const late = new EventTarget() as IDBOpenDBRequest;
      Object.assign(window, {
        letGo: () => {
          const request = open.call(this, name, version);
          request.onsuccess = (event) => {
            Object.defineProperty(late, 'result', { value: request.result });
            late.onsuccess?.call(late, event);
          };
        },
      });
      return late;
    };
  };
  await alice.page.addInitScript(hold);
  await alice.reload();
  await alice.expectSays(/History, contacts and messages are not there yet/);
  await alice.contactsTab.click();
  await add(alice, 'Zoe', '1003');
  await alice.page.evaluate(() => (window as unknown as { letGo: () => void }).letGo());
  await expect(alice.rows).toContainText(['Ana', 'Zoe']);
  await expect(alice.notice(/not there yet/)).toHaveCount(0);
});

test('what could not be kept is tried again, and the user knows', async ({ phones }) => {
  const alice = await phones.signIn('1001', { clock: true });
  await alice.contactsTab.click();
  await alice.page.evaluate(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    Object.assign(window, { makeRoom: () => (IDBObjectStore.prototype.put = put) });
  });
  await add(alice, 'Ana', '1002');
  await alice.expectSays(/cannot keep the history, contacts and messages now/);
  await alice.page.evaluate(() => (window as unknown as { makeRoom: () => void }).makeRoom());
  await alice.page.clock.runFor(31_000);
  await expect.poll(async () => (await kept(alice.page, '1001', 'contacts')).length).toBe(1);
  await expect(alice.notice(/cannot keep the history/)).toHaveCount(0);
});
