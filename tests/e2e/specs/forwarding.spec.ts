import { expect, test } from '../support/fixtures';
import { settingsButton } from '../support/talk';

test('a call that is forwarded says where it goes, and is answered there', async ({ phones, udpPeer, kamailio }) => {
  const alice = await phones.signIn('1001');
  const away = await udpPeer('1009');
  const carol = await phones.signIn('1003', { kind: 'jssip' });
  await alice.call('1009');
  const invite = await away.receive(/^INVITE /);
  away.reply(invite, '180 Ringing', { tag: 'a' });
  await alice.expectRinging('1009');
  away.reply(invite, '302 Moved Temporarily', { tag: 'a', headers: [`Contact: <sip:1003@${kamailio.domain}>`] });
  await carol.expectIncoming('1001');
  await alice.expectRinging('1009');
  await expect(alice.shown('Forwarded to 1003')).toBeVisible();
  await carol.answer();
  await alice.expectInCall('1009');
  await Promise.all([alice.expectHears(), carol.expectHears()]);
});

test('whoever does not want to follow is told that the call is forwarded', async ({ phones, udpPeer, kamailio }) => {
  const alice = await phones.signIn('1001');
  const away = await udpPeer('1009');
  await settingsButton(alice).click();
  await alice.page.getByRole('switch', { name: 'Follow forwarded calls', exact: true }).uncheck();
  await settingsButton(alice).click();
  await alice.call('1009');
  const invite = await away.receive(/^INVITE /);
  away.reply(invite, '302 Moved Temporarily', { tag: 'a', headers: [`Contact: <sip:1003@${kamailio.domain}>`] });
  await alice.expectSays(/1009 forwards calls to another number/);
  await alice.expectDialer();
});
