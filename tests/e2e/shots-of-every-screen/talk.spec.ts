import { join } from 'node:path';
import { expect, test } from '../support/fixtures';
import { messages, messagesTab, openConversation, quietButton, settingsButton, write } from '../support/talk';

// Pictures of messages, settings and the caller's identity.
const folder = join(import.meta.dirname, '../shots');

for (const viewport of [{ width: 300, height: 500 }, { width: 390, height: 844 }, { width: 1280, height: 800 }]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`talk, ${viewport.width} × ${viewport.height}, ${colorScheme}`, async ({ phones }) => {
      const alice = await phones.signIn('1001', { viewport, colorScheme });
      const shoot = (name: string) => alice.page.screenshot({ path: join(folder, `${name}-${viewport.width}-${colorScheme}-en.png`) });
      const header = ['P-Asserted-Identity: "Clínica San José" <sip:+576044441234@webphone.test>', 'Diversion: "Ventas" <sip:600@h>'];
      const query = `name=Ada Lovelace&${header.map((line) => `header=${encodeURIComponent(line)}`).join('&')}`;
      const far = await phones.signIn('1002', { kind: 'jssip', query });
      await messagesTab(alice).click();
      await shoot('messages-empty');
      await openConversation(alice, '1010');
      await write(alice, '¿Hay alguien ahí?');
      await expect(messages(alice).last()).toContainText('Not delivered');
      await openConversation(alice, '1002');
      await write(alice, 'Good morning! Could you send me the address of the new office, please?');
      await expect(messages(alice).last()).toContainText('Delivered');
      await far.page.getByLabel('Message to').fill('1001');
      for (const text of ['Of course:\nCalle 10 # 43-12, Medellín', 'صباح الخير 🙂']) {
        await far.page.getByLabel('Text').fill(text);
        await far.page.getByRole('button', { name: 'Send' }).click();
      }
      await expect(messages(alice)).toHaveCount(3);
      await shoot('conversation');
      await alice.page.getByRole('button', { name: 'Back' }).click();
      await far.page.getByLabel('Text').fill('Are you coming?');
      await far.page.getByRole('button', { name: 'Send' }).click();
      await expect(messagesTab(alice)).toHaveAccessibleName('Messages, 1 unread');
      await shoot('messages');
      await alice.page.getByRole('listitem').getByRole('button', { name: /1010/ }).click();
      await shoot('conversation-failed');
      await quietButton(alice).click();
      await settingsButton(alice).click();
      await shoot('settings');
      await quietButton(alice).click();
      await far.call('1001');
      await alice.expectIncoming('Clínica');
      await shoot('identity');
    });
  }
}
