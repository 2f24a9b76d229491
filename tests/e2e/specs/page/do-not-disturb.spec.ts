import { expect, test } from '../../support/page';
import { quietButton } from '../../support/talk';

test('who does not want to be disturbed is busy, does not ring, and sees who called', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await quietButton(alice).click();
  await expect(quietButton(alice)).toHaveAttribute('aria-pressed', 'true');
  await alice.expectSays(/Do not disturb/);
  await bob.call('1001');
  await bob.sip.expectReceived(/^SIP\/2.0 486 /);
  expect(bob.sip.received(/^SIP\/2.0 180 /)).toEqual([]);
  await alice.expectSays(/Missed call from 1002/);
  await alice.expectDialer();
});

test('one may call without being disturbed', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await quietButton(alice).click();
  await alice.call('1002');
  await bob.expectIncoming('1001');
  await bob.answer();
  await alice.expectInCall('1002');
  await alice.hangUp();
});

test('it lasts over a reload, and by keyboard callers ring again', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await quietButton(alice).click();
  await alice.expectSays(/Do not disturb/);
  await alice.reload();
  await alice.expectSays(/Do not disturb/);
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await bob.call('1001');
  await bob.sip.expectReceived(/^SIP\/2.0 486 /);
  await bob.expectDialer();

  await quietButton(alice).focus();
  await quietButton(alice).press('Space');
  await expect(quietButton(alice)).toHaveAttribute('aria-pressed', 'false');
  await bob.call('1001');
  await alice.expectIncoming('1002');
});
