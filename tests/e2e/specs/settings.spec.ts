import { test } from '../support/fixtures';
import type { Phone } from '../support/phone';
import { settingsButton } from '../support/talk';
const toggle = (phone: Phone, name: string) => phone.page.getByRole('switch', { name, exact: true });

test('a call that asks for it is answered without a hand, once that is allowed', { tag: '@gate' }, async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const intercom = await phones.signIn('1002', { kind: 'jssip', query: `header=${encodeURIComponent('Call-Info: <sip:pbx>;answer-after=0')}` });
  await intercom.call('1001');
  await alice.expectIncoming('1002');
  await alice.decline();
  await intercom.expectDialer();

  await settingsButton(alice).click();
  await toggle(alice, 'Answer by itself').check();
  await intercom.call('1001');
  await alice.expectInCall('1002');
  await intercom.expectInCall('1001');
  await Promise.all([alice.expectHears(), intercom.expectHears()]);
});
