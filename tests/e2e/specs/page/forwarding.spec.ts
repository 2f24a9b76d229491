import { expect, test } from '../../support/page';
import { settingsButton } from '../../support/talk';

test('whoever does not want to follow is told that the call is forwarded', async ({ phones, server }) => {
  const alice = await phones.signIn('1001');
  const away = server.peer('1009');
  await settingsButton(alice).click();
  await alice.page.getByRole('switch', { name: 'Follow forwarded calls', exact: true }).uncheck();
  await settingsButton(alice).click();
  await alice.call('1009');
  const invite = await away.receive(/^INVITE /);
  away.reply(invite, '302 Moved Temporarily', { tag: 'a', headers: [`Contact: <sip:1003@${server.domain}>`] });
  await alice.expectSays(/1009 forwards calls to 1003/);
  await alice.expectDialer();
});

for (const target of ['sip:1003@elsewhere.test', 'tel:+576041234567', 'sip:+576041234567@webphone.test']) {
  test(`a call that is forwarded to ${target} is placed only by whom it is charged to`, async ({ phones, server }) => {
    const alice = await phones.signIn('1001');
    const away = server.peer('1009');
    await alice.call('1009');
    const invite = await away.receive(/^INVITE /);
    away.reply(invite, '302 Moved Temporarily', { tag: 'a', headers: [`Contact: <${target}>`] });
    await alice.expectSays(/1009 forwards calls to (1003@elsewhere\.test|\+57 604 123 4567)\./);
    await alice.expectDialer();
    const elsewhere = /^INVITE (sip:1003@elsewhere|tel:\+57604|sip:\+57604)/;
    expect(alice.sip.sent(elsewhere)).toEqual([]);
    await alice.page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: /^Call (1003@elsewhere.test|\+57 604 123 4567)$/ }).click();
    await alice.sip.expectSent(elsewhere);
  });
}
