import { expect, test } from '../../support/page';
import { account } from '../../support/kamailio';
import { loud, noon, talk, type Phone } from '../../support/phone';
import { accessibilityFaults, layoutFaults } from '../../support/screens';
import { quietButton, settingsButton } from '../../support/talk';

const control = (phone: Phone, name: string) => phone.page.getByLabel(name, { exact: true });
const toggle = (phone: Phone, name: string) => phone.page.getByRole('switch', { name, exact: true });

for (const viewport of [{ width: 300, height: 500 }, { width: 1280, height: 800 }]) {
  test(`the settings fit ${viewport.width} × ${viewport.height}`, async ({ phones }) => {
    const alice = await phones.signIn('1001', { viewport });
    await settingsButton(alice).click();
    await expect(alice.page.getByRole('heading', { name: 'Settings' })).toBeVisible();
    expect(await layoutFaults(alice.page)).toEqual([]);
    expect(await accessibilityFaults(alice.page)).toEqual([]);
    await settingsButton(alice).click();
    await alice.expectDialer();
  });
}

test('what is chosen lasts over a reload, for its account', async ({ phones, server }) => {
  const alice = await phones.signIn('1001');
  await settingsButton(alice).click();
  await control(alice, 'Calls at once').selectOption('3');
  await control(alice, 'Ringing tone of your calls').selectOption('United States and Canada');
  await control(alice, 'Voicemail number').fill('*97');
  await toggle(alice, 'Answer by itself').check();
  await toggle(alice, 'Follow forwarded calls').uncheck();
  await alice.reload();
  await settingsButton(alice).click();
  await expect(control(alice, 'Calls at once')).toHaveValue('3');
  await expect(control(alice, 'Ringing tone of your calls').locator('option:checked')).toHaveText('United States and Canada');
  await expect(control(alice, 'Voicemail number')).toHaveValue('*97');
  await expect(toggle(alice, 'Answer by itself')).toBeChecked();
  await expect(toggle(alice, 'Follow forwarded calls')).not.toBeChecked();

  await alice.signOut();
  await alice.signIn({ ...account('1003'), server: server.url });
  await settingsButton(alice).click();
  await expect(control(alice, 'Calls at once')).toHaveValue('2');
  await expect(toggle(alice, 'Answer by itself')).not.toBeChecked();
});

test('a called telephone rings as in the country that is chosen', async ({ phones, server }) => {
  const alice = await phones.signIn('1001');
  const peer = server.peer('1009');
  const expectPitches = async (heard: number[], silent: number[]) => {
    await alice.call('1009');
    const invite = await peer.receive(/^INVITE /);
    peer.reply(invite, '180 Ringing', { tag: 'a' });
    // The tone comes and goes, and where it does, all pitches are heard: one moment within it counts.
    const distinct = async () => {
      const [levels, others] = await alice.page.evaluate(
        (pitches) => pitches.map((several) => several.map((pitch) => window.ears.toneLevel(pitch))),
        [heard, silent],
      );
      return Math.min(...levels) > loud && Math.min(...levels) - Math.max(...others) > 20;
    };
    await expect.poll(distinct, { message: `${heard} Hz should be heard, and not ${silent} Hz`, intervals: [50] }).toBe(true);
    await alice.hangUp();
    peer.reply(await peer.receive(/^CANCEL /), '200 OK');
    peer.reply(invite, '487 Request Terminated', { tag: 'a' });
    await peer.receive(/^ACK /);
    await alice.expectDialer();
  };
  await expectPitches([425], [350, 480]);
  await settingsButton(alice).click();
  await control(alice, 'Ringing tone of your calls').selectOption('United Kingdom, Ireland, Australia');
  await settingsButton(alice).click();
  await expectPitches([400, 450], [350, 500]);
});

test('the toggle in the bar and that in the settings are one', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await settingsButton(alice).click();
  await toggle(alice, 'Do not disturb').check();
  await expect(quietButton(alice)).toHaveAttribute('aria-pressed', 'true');
  await quietButton(alice).click();
  await expect(toggle(alice, 'Do not disturb')).not.toBeChecked();
});

test('with one call at once, a second caller finds the first one busy', async ({ phones }) => {
  const alice = await phones.signIn('1001', { clock: noon() });
  await settingsButton(alice).click();
  await control(alice, 'Calls at once').selectOption('1');
  await settingsButton(alice).click();
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  const carol = await phones.signIn('1003', { kind: 'jssip' });
  await carol.call('1001');
  await carol.sip.expectReceived(/^SIP\/2.0 486 /);
  await alice.expectInCall('1002');
  await alice.expectSays(/Missed call from 1003, as you were in a call/);
  await expect(alice.historyTab).toHaveAccessibleName('History, 1 missed call');
  await alice.hangUp();
  await alice.expectDialer();
  await expect(alice.notice(/Missed call/)).toHaveCount(0);
  await alice.historyTab.click();
  const missed = alice.rows.filter({ hasText: '1003' }).getByRole('button').first();
  await expect(missed).toHaveAccessibleName(/^Call 1003 ?, missed call, Today \d\d:\d\d · You were in a call$/);
});

test('a call that does not ask for it rings', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await settingsButton(alice).click();
  await toggle(alice, 'Answer by itself').check();
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await bob.call('1001');
  await alice.expectIncoming('1002');
});

test('the language changes at once, and lasts', async ({ phones }) => {
  const alice = await phones.signIn('1001', { query: '' });
  await settingsButton(alice).click();
  await control(alice, 'Language').selectOption('Español');
  await expect(alice.page.getByRole('heading', { name: 'Configuración' })).toBeVisible();
  await expect(alice.page.locator('html')).toHaveAttribute('lang', 'es');
  await expect(alice.page.getByLabel('Idioma', { exact: true })).toBeFocused();
  await alice.expectKept();
  await alice.page.reload();
  await expect(alice.page.getByRole('button', { name: 'Cerrar sesión' })).toBeVisible();
});

test.afterEach(({ site }) => site.answers.clear());

test('where the page names a relay, the user may have all media go through it, and reads why there is no call', async ({ phones, server, site }) => {
  const hide = 'Sound and picture through a relay only';
  site.answers.set('/turn', () => {
    throw new Error('down');
  });
  const alice = await phones.signIn('1001', { meta: { 'webphone-turn-credentials': '/turn' } });
  const peer = server.peer('1009');
  await settingsButton(alice).click();
  await toggle(alice, hide).check();
  await alice.reload();
  await settingsButton(alice).click();
  await expect(toggle(alice, hide)).toBeChecked();
  await settingsButton(alice).click();
  await alice.call('1009');
  await alice.expectSays(/must go through a relay.*your settings/i);
  await alice.expectDialer();
  expect(alice.sip.sent(/^INVITE /), 'no address is told before that is known').toEqual([]);

  await settingsButton(alice).click();
  await toggle(alice, hide).uncheck();
  await settingsButton(alice).click();
  await alice.call('1009');
  const invite = await peer.receive(/^INVITE /);
  expect(invite).toMatch(/^a=candidate:.* typ host/m);
  peer.reply(invite, '180 Ringing', { tag: 'a' });
  await alice.hangUp();
  peer.reply(await peer.receive(/^CANCEL /), '200 OK');
  peer.reply(invite, '487 Request Terminated', { tag: 'a' });

  // An address that was to be hidden is not told because the page has changed.
  const bob = await phones.signIn('1002', { before: () => localStorage.setItem('webphone.settings.sip:1002@webphone.test', 'relay-only=yes') });
  await bob.call('1009');
  await bob.expectSays(/must go through a relay/i);
  await settingsButton(bob).click();
  await toggle(bob, hide).uncheck();

  const nothingToChoose: Record<string, string>[] = [{}, { 'webphone-ice': 'stun:127.0.0.1:9' }, { 'webphone-turn-credentials': '/turn', 'webphone-ice-policy': 'relay' }];
  for (const meta of nothingToChoose) {
    const carol = await phones.signIn('1003', { meta });
    await settingsButton(carol).click();
    await expect(toggle(carol, 'Do not disturb')).toBeVisible();
    await expect(toggle(carol, hide)).toHaveCount(0);
    await carol.signOut();
  }
});
