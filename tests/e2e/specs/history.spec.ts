import { expect, test } from '../support/fixtures';

test('a call that another device answered is not missed', { tag: '@gate' }, async ({ phones }) => {
  const desk = await phones.signIn('1001');
  const kitchen = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await bob.call('1001');
  await Promise.all([desk.expectIncoming('1002'), kitchen.expectIncoming('1002')]);
  await kitchen.answer();
  await kitchen.expectInCall('1002');
  await desk.expectDialer();
  await expect(desk.historyTab).toHaveAccessibleName('History');
  await desk.historyTab.click();
  await expect(desk.rows.first().getByRole('button').first()).toHaveAccessibleName(/Answered on another device/);
});
