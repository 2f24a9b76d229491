import { test } from '@playwright/test';
import { installEars } from '../support/ears';
import { account } from '../support/kamailio';
import { Phone } from '../support/phone';
import { Wire } from '../support/wire';

/** The address that `make run` has printed. */
const demo = process.env.DEMO!;

test('two people who follow what `make run` prints talk with each other', async ({ browser }) => {
  const phones = [];
  const wire = await Wire.to('ws://127.0.0.1:8088'); // The form proposes the server itself.
  for (const extension of ['1001', '1002']) {
    const context = await browser.newContext({ permissions: ['microphone'] });
    const page = await context.newPage();
    await page.addInitScript(installEars);
    const phone = new Phone(page, 'webphone', extension, wire);
    await page.goto(`${demo}/?lang=en`);
    const { address, password } = account(extension);
    await phone.addressBox.fill(address);
    await phone.passwordBox.fill(password);
    await phone.connectButton.click();
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
  wire.close();
});
