import { test } from '@playwright/test';
import { installEars } from '../support/ears';
import { account } from '../support/kamailio';
import { Phone } from '../support/phone';

/** The address that `make run` has printed. */
const demo = process.env.DEMO!;

test('two people who follow what `make run` prints talk with each other', async ({ browser }) => {
  const phones = [];
  for (const extension of ['1001', '1002']) {
    const context = await browser.newContext({ permissions: ['microphone'] });
    const page = await context.newPage();
    await page.addInitScript(installEars);
    const phone = new Phone(page, 'webphone', extension);
    await page.goto(`${demo}/?lang=en`);
    const { address, password } = account(extension);
    await phone.addressBox.fill(address);
    await phone.passwordBox.fill(password);
    await phone.connectButton.click(); // The form proposes the server.
    await phone.expectSays(phone.names.connected);
    phones.push(phone);
  }
  const [alice, bob] = phones;
  await alice.call('1002');
  await bob.expectIncoming('1001');
  await bob.answer();
  await alice.expectHears();
  await bob.expectHears();
  await alice.hangUp();
  await bob.expectDialer();
});
