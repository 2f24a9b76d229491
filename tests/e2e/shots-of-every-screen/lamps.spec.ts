import { join } from 'node:path';
import { add, toggleFavourite } from '../support/book';
import { expect, test } from '../support/fixtures';
import { talk } from '../support/phone';
import { openConversation, settingsButton, write } from '../support/talk';

// Pictures of the favourites with their lamps, of what they are offered for, and of a conference on hold.
const folder = join(import.meta.dirname, '../shots');
const viewports = [{ width: 300, height: 500 }, { width: 390, height: 844 }, { width: 1280, height: 800 }];

test('lamps', async ({ phones, udpPeer }) => {
  test.setTimeout(180_000);
  const alice = await phones.signIn('1001');
  const shoot = async (name: string) => {
    for (const viewport of viewports) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await alice.page.setViewportSize(viewport);
        await alice.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await alice.page.screenshot({ path: join(folder, `lamps-${name}-${viewport.width}-${colorScheme}.png`) });
      }
    }
  };
  await settingsButton(alice).click();
  await shoot('settings');
  await openConversation(alice, '1010');
  await write(alice, '¿Hay alguien ahí?');
  await alice.page.getByRole('button', { name: 'Delete conversation' }).click();
  await alice.expectSays(/was deleted/);
  await shoot('conversation-deleted');

  await alice.contactsTab.click();
  await add(alice, 'Zoe', '1009');
  const lamps = { 1003: '', 1004: 'early', 1005: 'confirmed', 1006: undefined };
  for (const [number, state] of Object.entries(lamps)) {
    const peer = await udpPeer(number);
    await toggleFavourite(alice, number === '1005' ? 'Departamento de Contabilidad y Tesorería' : `Person ${number}`, number);
    const asked = await peer.receive(/^SUBSCRIBE [^]*Event: dialog\r\n/);
    if (state === undefined) continue;
    peer.reply(asked, '200 OK', { tag: 'a', headers: ['Expires: 600'] });
    const dialog = state && `<dialog id="a" direction="recipient"><state>${state}</state></dialog>`;
    const body = `<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="1" state="full">${dialog}</dialog-info>`;
    peer.notify(asked, 'a', 1, 'dialog', 'application/dialog-info+xml', body);
  }
  await expect(alice.shown('In a call')).toBeVisible();
  await toggleFavourite(alice, 'Outside', '+57 604 123 4567');
  await shoot('favourites');

  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await alice.phoneTab.click();
  await talk(alice, bob);
  await alice.transferButton.click();
  await shoot('transfer');
  await alice.transferTarget.fill('person');
  await shoot('transfer-typed');
  await alice.page.keyboard.press('Escape');
  const carol = await phones.signIn('1007', { kind: 'jssip' });
  await alice.addCall('1007');
  await carol.answer();
  await alice.expectInCall('1007');
  await alice.conferenceButton.click();
  await shoot('conference');
  await alice.hold();
  await shoot('conference-held');
});
