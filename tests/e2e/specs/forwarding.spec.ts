import { expect, test } from '../support/fixtures';

test('a call that is forwarded says where it goes, and is answered there', { tag: '@gate' }, async ({ phones, udpPeer, kamailio }) => {
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
