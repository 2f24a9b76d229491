import { expect, test } from '../../support/page';
import { settingsButton } from '../../support/talk';

const TYPE = 'application/simple-message-summary';

/** What Asterisk's res_pjsip_mwi sends. */
function summary(count: number, account = ''): string {
  const lines = [`Messages-Waiting: ${count ? 'yes' : 'no'}`, `Voice-Message: ${count}/3 (0/0)`];
  if (account) lines.splice(1, 0, `Message-Account: ${account}`);
  return lines.map((line) => `${line}\r\n`).join('');
}

test('the lamp shows what waits, and one click calls the mailbox that the server names', async ({ phones, server }) => {
  const mailbox = server.peer('1008');
  const alice = await phones.signIn('1001');
  await expect(alice.voicemailButton).toHaveAccessibleName('Voicemail');
  const subscribe = await mailbox.receive(/^SUBSCRIBE .*\r\n[^]*Event: message-summary/);
  mailbox.reply(subscribe, '200 OK', { tag: 'vm', headers: ['Expires: 600'] });
  mailbox.notify(subscribe, 'vm', 1, 'message-summary', TYPE, summary(2, 'sip:1008@webphone.test'));
  await expect(alice.voicemailButton).toHaveAccessibleName('Voicemail, 2 new messages');
  await mailbox.receive(/^SIP\/2.0 200 [^]*CSeq: 1 NOTIFY/);

  await alice.voicemailButton.click();
  const invite = await mailbox.receive(/^INVITE /);
  mailbox.reply(invite, '486 Busy Here', { tag: 'a' });
  await alice.expectDialer();
  expect(alice.sip.sent(/^INVITE sip:1008@webphone\.test /)).not.toEqual([]);

  mailbox.notify(subscribe, 'vm', 2, 'message-summary', TYPE, summary(1));
  await expect(alice.voicemailButton).toHaveAccessibleName('Voicemail, 1 new message');
  mailbox.notify(subscribe, 'vm', 3, 'message-summary', TYPE, summary(0));
  await expect(alice.voicemailButton).toHaveAccessibleName('Voicemail');
});

test('what waits is shown though nobody asked', async ({ phones, server }) => {
  const alice = await phones.signIn('1001');
  const mailbox = server.peer('1009');
  expect(await mailbox.notifyUnasked('1001', 'message-summary', summary(3))).toMatch(/^SIP\/2.0 200 /);
  await expect(alice.voicemailButton).toHaveAccessibleName('Voicemail, 3 new messages');
});

test('a server without mailboxes is not worth a word, and the configured number is called', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await alice.sip.expectReceived(/^SIP\/2.0 489 [^]*CSeq: \d+ SUBSCRIBE/);
  await expect(alice.voicemailButton).toHaveAccessibleName('Voicemail');
  await expect(alice.notice(/\./)).toHaveCount(0);
  await alice.voicemailButton.focus();
  await alice.page.keyboard.press('Enter');
  await alice.sip.expectSent(/^INVITE sip:\*97@webphone\.test /);
  await alice.expectSays(/exist/);
  await alice.expectDialer();
});

test('the lamp speaks Spanish', async ({ phones, server }) => {
  const ana = await phones.signIn('1001', { query: 'lang=es', language: 'es' });
  const mailbox = server.peer('1009');
  await mailbox.notifyUnasked('1001', 'message-summary', summary(2));
  await expect(ana.page.getByRole('button', { name: 'Buzón de voz, 2 mensajes nuevos', exact: true })).toBeVisible();
});

test('the number that is chosen is called, else the one that the server names, else the one that the page proposes', async ({ phones, server }) => {
  const mailbox = server.peer('1008');
  const alice = await phones.signIn('1001');
  const number = alice.page.getByRole('textbox', { name: 'Voicemail number' });
  await settingsButton(alice).click();
  await expect(number).toHaveValue('');
  await expect(number).toHaveAttribute('placeholder', '*97');
  const subscribe = await mailbox.receive(/^SUBSCRIBE .*\r\n[^]*Event: message-summary/);
  mailbox.reply(subscribe, '200 OK', { tag: 'vm', headers: ['Expires: 600'] });
  mailbox.notify(subscribe, 'vm', 1, 'message-summary', TYPE, summary(2, 'sip:1008@webphone.test'));
  await expect(number).toHaveAttribute('placeholder', '1008');
  await number.fill('2486');
  await settingsButton(alice).click();
  await alice.voicemailButton.click();
  await alice.sip.expectSent(/^INVITE sip:2486@webphone\.test /);
  await alice.expectSays(/busy/);

  await settingsButton(alice).click();
  await number.fill('');
  await settingsButton(alice).click();
  await alice.voicemailButton.click();
  mailbox.reply(await mailbox.receive(/^INVITE /), '486 Busy Here', { tag: 'a' });
  await alice.expectDialer();
});
