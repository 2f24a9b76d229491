import { test, withEachFarEnd } from '../support/fixtures';
import { expectAudioBothWays } from '../support/phone';

withEachFarEnd((far) => {
  test('a call comes in, rings, is answered, and both sides hear each other', { tag: ['@gate-each', '@firefox'] }, async ({ phones }) => {
    const alice = await phones.signIn('1001');
    const bob = await phones.signIn('1002', { kind: far });
    await bob.call('1001');
    await alice.expectIncoming('1002');
    await alice.expectTone();
    await alice.answer();
    await alice.expectInCall('1002');
    await bob.expectInCall('1001');
    await expectAudioBothWays(alice, bob);
  });
});

test('the caller is shown with name and number', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const ada = await phones.signIn('1002', { kind: 'jssip', query: 'name=Ada Lovelace' });
  await ada.call('1001');
  await alice.expectIncoming('Ada Lovelace', '1002');
  await alice.answer();
  await alice.expectInCall('Ada Lovelace');
});

test('two phones of one extension ring, and the answer of one ends the ringing of the other', { tag: '@gate' }, async ({ phones }) => {
  const desk = await phones.signIn('1001');
  const kitchen = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await bob.call('1001');
  await Promise.all([desk.expectIncoming('1002'), kitchen.expectIncoming('1002')]);
  await kitchen.answer();
  await kitchen.expectInCall('1002');
  await desk.expectDialer();
  await expectAudioBothWays(kitchen, bob);
});
