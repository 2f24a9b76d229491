import { expect, test, type Phones } from '../support/fixtures';
import { expectAudioBothWays, talk, type Phone } from '../support/phone';
import { signInWithWorker } from '../support/worker';

/** A second tab beside the first, in which the telephone is. */
async function openBeside(phones: Phones, phone: Phone): Promise<Phone> {
  const beside = await phones.openIn(phone.page.context(), phone.extension);
  await beside.expectSays(/^In another tab/);
  return beside;
}

test('a call moves to the other tab when its own is closed', { tag: '@gate' }, async ({ phones }) => {
  const one = await signInWithWorker(phones, '1001');
  const bob = await phones.signIn('1002');
  await talk(one, bob);
  const two = await openBeside(phones, one);
  await one.page.close({ runBeforeUnload: true });
  await two.expectInCall('1002');
  await expectAudioBothWays(two, bob);
  await bob.expectInCall('1001');
  await two.hangUp();
  await Promise.all([two.expectDialer(), bob.expectDialer()]);
});

test('a call is fetched by the other tab, and back', async ({ phones, kamailio }) => {
  const one = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await talk(one, bob);
  const two = await openBeside(phones, one);
  for (const [here, there] of [[two, one], [one, two]]) {
    await here.fetch();
    await here.expectInCall('1002');
    await there.expectSays(/^In another tab/);
    await there.expectInCall('1002');
    await expectAudioBothWays(here, bob);
  }
  await expect.poll(() => kamailio.contacts('1001')).toHaveLength(1);
  await bob.hangUp();
  await one.expectDialer();
});

test('a call is answered, held, muted and ended in the other tab', async ({ phones }) => {
  const one = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { query: 'lang=en' });
  const two = await openBeside(phones, one);
  await bob.call('1001');
  await Promise.all([one.expectIncoming('1002'), two.expectIncoming('1002')]);
  await two.page.bringToFront();
  await two.answer();
  for (const phone of [one, two]) await phone.expectInCall('1002');
  await expectAudioBothWays(one, bob);
  await two.hold();
  await bob.expectSilence();
  await expect(one.resumeButton).toBeVisible();
  await two.resume();
  await two.setMuted(true);
  await expect(one.muteButton).toHaveAttribute('aria-pressed', 'true');
  await bob.expectSilence();
  await two.setMuted(false);
  await expectAudioBothWays(one, bob);
  await two.hangUp();
  for (const phone of [one, two, bob]) await phone.expectDialer();
});

test('a call is placed, and its failure is told, in the other tab', async ({ phones }) => {
  const one = await phones.signIn('1001');
  const two = await openBeside(phones, one);
  await two.page.bringToFront();
  await two.call('2486');
  await Promise.all([one.expectSays(/busy/), two.expectSays(/busy/)]);
  await two.page.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(one.shown(/busy/)).toBeHidden();
  await expect(two.shown(/busy/)).toBeHidden();
  const bob = await phones.signIn('1002');
  await two.call('1002');
  await bob.expectIncoming('1001');
  await bob.answer();
  for (const phone of [one, two]) await phone.expectInCall('1002');
  await expect(two.page.getByRole('button', { name: 'Camera' }), 'what needs this tab is not offered').toBeHidden();
  await expectAudioBothWays(one, bob);
});
