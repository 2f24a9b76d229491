import { kept } from '../../support/book';
import { expect, test } from '../../support/page';
import { account } from '../../support/kamailio';
import { accessibilityFaults, layoutFaults } from '../../support/screens';
import { expectUnread, messageBox, messages, messagesTab, openConversation, sendButton, write } from '../../support/talk';

test('two pages write to each other', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await openConversation(alice, '1002');
  await write(alice, '¡Hola, Bob!');
  await expect(messages(alice)).toContainText(['¡Hola, Bob!']);
  await expect(messages(alice).last()).toContainText('Delivered');

  await expectUnread(bob, 1);
  await openConversation(bob, '1001');
  await expect(messages(bob)).toContainText(['¡Hola, Bob!']);
  await expectUnread(bob, 0);
  await messageBox(bob).fill('Hi, Alice');
  await sendButton(bob).click();
  await expect(messages(alice)).toContainText(['¡Hola, Bob!', 'Hi, Alice']);
  await expectUnread(alice, 0);
});

test('a message to an unknown user fails, and says why', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await openConversation(alice, '1010');
  await write(alice, 'Is anybody there?');
  await expect(messages(alice).last()).toContainText('Not delivered');
  await expect(messages(alice).last()).toContainText('1010 does not exist');
});

test('what was not delivered is delivered when it is sent again', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await openConversation(alice, '1002');
  await write(alice, 'Are you there?');
  await expect(messages(alice).last()).toContainText('1002 is not available now');
  const bob = await phones.signIn('1002');
  await alice.page.getByRole('button', { name: 'Try again' }).click();
  await expect(messages(alice).last()).toContainText('Delivered');
  await expect(messages(alice)).toHaveCount(1);
  await expectUnread(bob, 1);
});

test('what is unread is counted, over a reload too, until it is seen', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await openConversation(alice, '1002');
  await write(alice, 'one');
  await write(alice, 'two');
  await expectUnread(bob, 2);

  await bob.reload();
  await expectUnread(bob, 2);
  await messagesTab(bob).click();
  await expect(bob.page.getByRole('listitem').getByRole('button')).toHaveAccessibleName(/^1001 .*two.* 2 unread$/);
  await openConversation(bob, '1001');
  await expect(messages(bob)).toContainText(['one', 'two']);
  await expectUnread(bob, 0);

  await alice.reload();
  await openConversation(alice, '1002');
  await expect(messages(alice)).toContainText([/one.*Delivered/, /two.*Delivered/]);
});

test('the next account on the same browser has messages of its own', async ({ phones, server }) => {
  const alice = await phones.signIn('1001');
  await openConversation(alice, '1002');
  await write(alice, 'a secret');
  await alice.signOut();
  await alice.signIn({ ...account('1003'), server: server.url });
  await messagesTab(alice).click();
  await expect(alice.shown('No messages yet')).toBeVisible();
});

test('a message is text, whatever is in it', async ({ phones }) => {
  const alice = await phones.signIn('1001', { viewport: { width: 300, height: 500 } });
  const bob = await phones.signIn('1002', { viewport: { width: 300, height: 500 } });
  await openConversation(alice, '1002');
  const texts = [
    '<img src=x onerror="window.executed = true"><a href="https://evil.example">link</a>',
    'https://example.com/' + 'a-very-long-word'.repeat(30),
    'مرحبا بالعالم! 123',
  ];
  for (const text of texts) await write(alice, text);
  await openConversation(bob, '1001');
  await expect(messages(bob)).toContainText(texts);
  expect(await bob.page.evaluate(() => 'executed' in window)).toBe(false);
  await expect(messages(bob).getByRole('link')).toHaveCount(0);
  for (const phone of [alice, bob]) {
    expect(await layoutFaults(phone.page)).toEqual([]);
    expect(await accessibilityFaults(phone.page)).toEqual([]);
  }
});

test('Shift and Enter begin a new line, and nothing is not sent', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await openConversation(alice, '1002');
  await messageBox(alice).press('Enter');
  await messageBox(alice).pressSequentially('one');
  await messageBox(alice).press('Shift+Enter');
  await messageBox(alice).pressSequentially('two');
  expect(alice.sip.sent(/^MESSAGE /)).toEqual([]);
  await messageBox(alice).press('Enter');
  await alice.sip.expectSent(/^MESSAGE [^]*one\ntwo$/);
  await expect(messages(alice)).toHaveCount(1);
});

test('a draft outlives an incoming call', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await openConversation(alice, '1002');
  await messageBox(alice).fill('half a sente');
  await bob.call('1001');
  await alice.expectIncoming('1002');
  await alice.decline();
  await messagesTab(alice).click();
  await expect(messageBox(alice)).toHaveValue('half a sente');
});

test('a call is placed from a conversation', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await openConversation(bob, '1001');
  await bob.page.getByRole('button', { name: 'Call', exact: true }).click();
  await alice.expectIncoming('1002');
});

test('a conversation is deleted, brought back, and deleted for good', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const gone = () => alice.page.getByRole('button', { name: 'Delete conversation' }).click();
  await openConversation(alice, '1010');
  await write(alice, 'call me');
  await expect(messages(alice).last()).toContainText('Not delivered');
  await gone();
  await expect(alice.shown('No messages yet')).toBeVisible();
  await alice.expectSays(/The conversation with 1010 was deleted/);
  await expect(alice.page.getByRole('button', { name: 'Undo' })).toBeFocused();
  await alice.page.keyboard.press('Enter');
  await openConversation(alice, '1010');
  await expect(messages(alice)).toContainText(['call me']);
  await expect.poll(() => kept(alice.page, '1001', 'messages')).toHaveLength(1);
  await gone();
  await expect.poll(() => kept(alice.page, '1001', 'messages')).toEqual([]);
  await alice.reload();
  await messagesTab(alice).click();
  await expect(alice.shown('No messages yet')).toBeVisible();
});

test('two tabs of one account lose nothing of each other', async ({ phones }) => {
  const one = await phones.signIn('1001');
  const two = await phones.openIn(one.page.context(), '1001');
  const bob = await phones.signIn('1002');
  await openConversation(one, '1002');
  await write(one, 'from one');
  await expect(messages(one).last()).toContainText('Delivered');
  await two.fetch();
  await openConversation(two, '1002');
  await write(two, 'from two');
  await expect(messages(two).last()).toContainText('Delivered');
  await openConversation(bob, '1001');
  await write(bob, 'hello');
  await expect(messages(two).last()).toContainText('hello');
  await one.fetch();
  await openConversation(one, '1002');
  await write(one, 'one again');
  await expect(messages(one).last()).toContainText('Delivered');

  await two.page.close();
  await one.reload();
  await openConversation(one, '1002');
  await expect(messages(one)).toContainText(['from one', 'from two', 'hello', 'one again']);
  await expect(messages(one)).toHaveCount(4);
});

test('the lamp of the other side says what its telephone does', async ({ phones, server }) => {
  const alice = await phones.signIn('1001');
  const bob = server.peer('1002');
  await openConversation(alice, '1002');
  const dialogs = await bob.receive(/^SUBSCRIBE [^]*Event: dialog\r\n/);
  bob.reply(dialogs, '489 Bad Event', { tag: 'a' });
  const presence = await bob.receive(/^SUBSCRIBE [^]*Event: presence\r\n/);
  bob.reply(presence, '200 OK', { tag: 'b', headers: ['Expires: 600'] });
  const note = (open: string, words: string) =>
    `<presence xmlns="urn:ietf:params:xml:ns:pidf"><tuple id="a"><status><basic>${open}</basic></status><note>${words}</note></tuple></presence>`;
  bob.notify(presence, 'b', 1, 'presence', 'application/pidf+xml', note('open', 'Ready'));
  await expect(alice.shown('Free')).toBeVisible();
  bob.notify(presence, 'b', 2, 'presence', 'application/pidf+xml', note('open', 'On the phone'));
  await expect(alice.shown('In a call')).toBeVisible();
  bob.notify(presence, 'b', 3, 'presence', 'application/pidf+xml', note('closed', ''));
  await expect(alice.shown('Unavailable')).toBeVisible();
});
