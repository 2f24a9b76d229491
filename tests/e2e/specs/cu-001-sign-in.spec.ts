import { expect, test } from '../support/fixtures';
import { header } from '../support/sip-trace';

test('the right credentials connect and the phone can call', { tag: ['@gate', '@firefox'] }, async ({ phones, kamailio }) => {
  const alice = await phones.signIn('1001');
  await expect(alice.callButton).toBeEnabled();
  await expect(alice.signOutButton).toBeVisible();
  expect(await kamailio.contacts('1001'), 'Kamailio should know where 1001 is').toHaveLength(1);
});

test('a server that challenges with SHA-256 is answered', { tag: '@gate' }, async ({ phones, startKamailio }) => {
  const server = await startKamailio({ sha256: true });
  const alice = await phones.signIn('1001', { server });
  expect(header(alice.sip.sent(/^REGISTER [^]*Authorization:/)[0].text, 'Authorization')).toMatch(/algorithm="?SHA-256"?/);
  await alice.call('2486');
  await alice.expectSays(/busy/i);
});
