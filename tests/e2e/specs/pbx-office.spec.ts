import { keysByInfo } from '../support/ears';
import { expect, test, type Phones } from '../support/fixtures';
import { expectOut, hums, signInAt } from '../support/pbx';
import type { Phone } from '../support/phone';
import { expectUnread, messages, openConversation, settingsButton, write } from '../support/talk';
import type { Asterisk } from '../support/asterisk';

// What an office expects of its PBX besides calls: voicemail, text messages, busy lamps, keys and a conference.

for (const [extension, asked, number] of [['1001', 'without being asked', '*97'], ['1002', 'as the page subscribes', '603']]) {
  test(`voicemail is told ${asked}, heard and deleted`, { tag: extension === '1001' ? '@gate' : [] }, async ({ phones, asterisk, plainPeer }) => {
    const alice = await signInAt(phones, asterisk, extension);
    await expect(alice.voicemailButton).toHaveAccessibleName('Voicemail');
    await plainPeer.dial(`*70${extension}`, asterisk);
    await asterisk.expectRecording(extension);
    await plainPeer.hangUp();
    await expect(alice.voicemailButton).toHaveAccessibleName('Voicemail, 1 new message');

    await alice.voicemailButton.click();
    await alice.expectInCall(number);
    await alice.expectHears();
    await alice.keypadButton.click();
    await alice.expectHeard([plainPeer.pitch], () => alice.key('1').click());
    await alice.key('7').click();
    await expect.poll(() => asterisk.log(), 'the message should be deleted').toMatch(new RegExp(`PJSIP/${extension}-.*vm-deleted`));
    await alice.hangUp();
    await expect(alice.voicemailButton).toHaveAccessibleName('Voicemail');
    expect(await asterisk.voicemail(extension)).toEqual({ unheard: 0, heard: 0 });
  });
}

test('text messages go to another telephone and come back', async ({ phones, asterisk }) => {
  const [alice, bob] = [await signInAt(phones, asterisk, '1001'), await signInAt(phones, asterisk, '1002')];
  await openConversation(alice, '1002');
  await write(alice, '¿Café?');
  await expect(messages(alice).last()).toContainText('Delivered');
  await expectUnread(bob, 1);
  await openConversation(bob, '1001');
  await expect(messages(bob)).toContainText(['¿Café?']);
  await write(bob, 'Sí 👍');
  await expect(messages(alice)).toContainText(['¿Café?', 'Sí 👍']);
});

test('a text message to who does not exist, or is not there, is not delivered', async ({ phones, asterisk }) => {
  const alice = await signInAt(phones, asterisk, '1001');
  await openConversation(alice, '2404');
  await write(alice, 'Is anybody there?');
  await expect(messages(alice).last()).toContainText('Not delivered');
  await expect(messages(alice).last()).toContainText('2404 does not exist');
  await openConversation(alice, '1003');
  await write(alice, 'Are you there?');
  await expect(messages(alice).last()).toContainText('Not delivered');
  const carol = await signInAt(phones, asterisk, '1003');
  await alice.page.getByRole('button', { name: 'Try again' }).click();
  await expect(messages(alice).last()).toContainText('Delivered');
  await expectUnread(carol, 1);
});

test('the lamp of a telephone says what it does', { tag: '@gate' }, async ({ phones, asterisk }) => {
  const [alice, bob] = [await signInAt(phones, asterisk, '1001'), await signInAt(phones, asterisk, '1002')];
  await openConversation(alice, '1002');
  await expect(alice.shown('Free')).toBeVisible();
  await bob.call('600');
  await expect(alice.shown('In a call')).toBeVisible();
  await bob.hangUp();
  await expect(alice.shown('Free')).toBeVisible();
  await asterisk.call('1002');
  await bob.expectIncoming('601');
  await expect(alice.shown('Ringing')).toBeVisible();
  await bob.answer();
  await expect(alice.shown('In a call')).toBeVisible();
  await bob.hangUp();
  await expect(alice.shown('Free')).toBeVisible();
});

test('the lamp is told by presence where the PBX does not tell of dialogs', async ({ phones, asterisk }) => {
  const [alice, bob] = [await signInAt(phones, asterisk, '1001'), await signInAt(phones, asterisk, '1002')];
  const dialogs = 'res_pjsip_dialog_info_body_generator.so';
  await asterisk.cli(`module unload ${dialogs}`);
  try {
    await openConversation(alice, '1002');
    await expect(alice.shown('Free')).toBeVisible();
    expect(alice.sip.received(/^NOTIFY [^]*application\/pidf\+xml/)).not.toEqual([]);
    await bob.call('600');
    await expect(alice.shown('In a call')).toBeVisible();
    await bob.hangUp();
    await expect(alice.shown('Free')).toBeVisible();
    await bob.signOut();
    await expect(alice.shown('Unavailable')).toBeVisible();
  } finally {
    await asterisk.cli(`module load ${dialogs}`);
  }
});

const ways: [string, string, number, (() => void)?][] = [
  ['as telephone events', '1001', 0],
  ['by INFO where nothing else was agreed', '1006', 4],
  ['by INFO where the page is configured so', '1002', 4, keysByInfo],
];
for (const [how, extension, infos, before] of ways) {
  test(`keys reach the PBX ${how}`, { tag: how === 'as telephone events' ? '@gate' : [] }, async ({ phones, asterisk }) => {
    const alice = await signInAt(phones, asterisk, extension, { before });
    await alice.call('620');
    await alice.expectInCall('620');
    await alice.expectHears(); // A digit that is sent before the media flows is lost.
    await alice.page.keyboard.type('1234');
    await alice.sip.expectReceived(/^MESSAGE [^]*\r\n\r\nYou dialled 1234\./);
    await alice.sip.expectSent(/^INFO /, infos);
    expect(alice.sip.sent(/^INFO /)).toHaveLength(infos);
    await alice.expectHears(); // The digits are read back.
  });
}

test('a call says by whom it was sent on, what belongs to it, and that it may be answered at once', async ({ phones, asterisk }) => {
  const alice = await signInAt(phones, asterisk, '1001', { meta: { 'webphone-vouches': 'yes' } });
  const caller = { name: 'Grace Hopper', number: '1002' };
  await asterisk.call('*901001', caller);
  await alice.expectIncoming('Grace Hopper', '1002', 'via Reception', 'Number verified by your provider');
  await alice.decline();
  await alice.expectDialer();
  await expectOut(asterisk, alice);

  // The page listens before the call is placed, however busy the machine is.
  const told = await alice.page.evaluateHandle(() => {
    const headers: unknown[] = [];
    addEventListener('webphone-incoming', (event) => headers.push((event as CustomEvent).detail.headers));
    return headers;
  });
  await asterisk.call('*601001', caller);
  await alice.expectIncoming('Grace Hopper');
  expect(await told.jsonValue()).toEqual([{ 'X-Campaign': 'Spring 2026', 'X-Customer-Id': '4711' }]);
  await alice.decline();
  await expectOut(asterisk, alice);

  await settingsButton(alice).click();
  await alice.page.getByRole('switch', { name: 'Answer by itself', exact: true }).check();
  await asterisk.call('*801001', { ...caller, to: '605' });
  await alice.expectInCall('Grace Hopper');
  await alice.expectHears();
});

test('everybody in the conference of the PBX hears the others', async ({ phones, asterisk }) => {
  const members: Phone[] = [];
  for (const extension of ['1001', '1002', '1003']) members.push(await joined(phones, asterisk, extension));
  await Promise.all(
    members.map((member) => {
      const [own, others] = [hums[member.extension], members.filter((other) => other !== member)];
      return member.expectHearsPitches(others.map((other) => hums[other.extension]), [own]);
    }),
  );
  await members[2].hangUp();
  await members[0].expectHearsPitches([hums[1002]], [hums[1003]]);
});

async function joined(phones: Phones, asterisk: Asterisk, extension: string): Promise<Phone> {
  const phone = await signInAt(phones, asterisk, extension);
  await phone.call('604');
  await phone.expectInCall('604');
  return phone;
}
