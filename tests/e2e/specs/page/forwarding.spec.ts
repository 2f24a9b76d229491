import { test } from '../../support/page';
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
  await alice.expectSays(/1009 forwards calls to another number/);
  await alice.expectDialer();
});
