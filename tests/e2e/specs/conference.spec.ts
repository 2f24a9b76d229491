import { expect, test, withEachFarEnd, type Phones } from '../support/fixtures';
import { talk, type Kind, type Phone } from '../support/phone';

// None is the sum or the difference of others, which a codec adds to what it carries.
const [aliceHums, bobHums, carolHums] = [400, 730, 1310];

/** Alice has joined Bob and Carol; each hums a tone of its own. */
async function conference(phones: Phones, far: Kind): Promise<Phone[]> {
  const alice = await phones.signIn('1001', { pitch: aliceHums });
  const bob = await phones.signIn('1002', { kind: far, pitch: bobHums });
  const carol = await phones.signIn('1003', { kind: far, pitch: carolHums });
  await talk(alice, bob);
  await alice.addCall('1003');
  await carol.answer();
  await alice.expectInCall('1003');
  await bob.expectHearsPitches([], [aliceHums, carolHums]);
  await carol.expectHearsPitches([aliceHums], [bobHums]);
  await alice.conferenceButton.click();
  await expect(alice.page.getByRole('heading', { name: 'Conference' })).toBeVisible();
  await Promise.all([
    alice.expectHearsPitches([bobHums, carolHums]),
    bob.expectHearsPitches([aliceHums, carolHums], [bobHums]),
    carol.expectHearsPitches([aliceHums, bobHums], [carolHums]),
  ]);
  return [alice, bob, carol];
}

withEachFarEnd((far) => {
  test('three hear each other, and nobody hears himself', { tag: ['@gate', '@firefox'] }, async ({ phones }) => {
    await conference(phones, far);
  });
});

test('mute mutes only us', async ({ phones }) => {
  const [alice, bob, carol] = await conference(phones, 'jssip');
  await alice.setMuted(true);
  await bob.expectHearsPitches([carolHums], [aliceHums]);
  await carol.expectHearsPitches([bobHums], [aliceHums]);
  await alice.setMuted(false);
  await bob.expectHearsPitches([aliceHums, carolHums]);
});

test('one who leaves, leaves the other two in their call', async ({ phones }) => {
  const [alice, bob, carol] = await conference(phones, 'jssip');
  await alice.page.getByRole('button', { name: 'Hang up 1002', exact: true }).click();
  await bob.expectDialer();
  await alice.expectInCall('1003');
  await carol.expectHearsPitches([aliceHums], [bobHums]);
  await alice.expectHearsPitches([carolHums], [bobHums]);
  await alice.setMuted(true);
  await carol.expectHearsPitches([], [aliceHums]);
});

test('a conference is split into two calls again, one of them on hold', async ({ phones }) => {
  const [alice, bob, carol] = await conference(phones, 'jssip');
  await alice.splitButton.click();
  await expect(alice.callRow('1002')).toContainText('On hold');
  await carol.expectHearsPitches([aliceHums], [bobHums]);
  await bob.expectHearsPitches([], [aliceHums, carolHums]);
});

test('whoever called the conference leaves it, and the other two go on', async ({ phones }) => {
  const [alice, bob, carol] = await conference(phones, 'jssip');
  await alice.mergeCallsButton.click();
  await alice.expectDialer();
  await bob.expectHearsPitches([carolHums], [aliceHums]);
  await carol.expectHearsPitches([bobHums], [aliceHums]);
});

test('hanging up ends the conference for all', async ({ phones }) => {
  const [alice, bob, carol] = await conference(phones, 'jssip');
  await alice.hangUp();
  await Promise.all([alice.expectDialer(), bob.expectDialer(), carol.expectDialer()]);
});

withEachFarEnd((far) => {
  test('hold holds the whole conference, and resume brings it back', { tag: '@gate' }, async ({ phones }) => {
    const [alice, bob, carol] = await conference(phones, far);
    await alice.hold();
    await expect(alice.callRow('1002')).toContainText('On hold');
    await expect(alice.callRow('1003')).toContainText('On hold');
    await Promise.all([
      bob.expectHearsPitches([], [aliceHums, carolHums]),
      carol.expectHearsPitches([], [aliceHums, bobHums]),
      alice.expectHearsPitches([], [bobHums, carolHums]),
    ]);
    await alice.resume();
    await expect(alice.page.getByRole('heading', { name: 'Conference' })).toBeVisible();
    await Promise.all([
      alice.expectHearsPitches([bobHums, carolHums]),
      bob.expectHearsPitches([aliceHums, carolHums], [bobHums]),
      carol.expectHearsPitches([aliceHums, bobHums], [carolHums]),
    ]);
  });
});

test('one of the conference who holds us is named, and the others go on', async ({ phones }) => {
  const [alice, bob, carol] = await conference(phones, 'webphone');
  await bob.hold();
  await expect(alice.shown('1002 holds the call')).toBeVisible();
  await expect(alice.holdButton).toBeVisible();
  await carol.expectHearsPitches([aliceHums], [bobHums, carolHums]);
  await alice.expectHearsPitches([carolHums], [bobHums]);
  await bob.resume();
  await expect(alice.shown('1002 holds the call')).toBeHidden();
  await carol.expectHearsPitches([aliceHums, bobHums]);
});
