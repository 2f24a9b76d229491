import { expect, test } from '../../support/page';
import { account } from '../../support/kamailio';
import type { Phone } from '../../support/phone';
import { settingsButton } from '../../support/talk';

test.afterEach(({ site }) => site.answers.clear());

/** What the page complains of in its console when it is loaded anew. */
async function complaints(phone: Phone): Promise<string[]> {
  await expect(phone.page.locator('#splash')).toHaveCount(0);
  const said: string[] = [];
  phone.page.on('console', (message) => {
    if (message.type() === 'error' && message.text().startsWith('WebPhone')) said.push(message.text());
  });
  return said;
}

test('config.json beside the page says what whoever hosts it has decided', async ({ phones, server, site }) => {
  site.answers.set('/config.json', () => ({ server: [server.url, 'wss://b.webphone.test'], maxCalls: 4, ringBack: 'spain' }));
  const alice = await phones.open('1001', { meta: { 'webphone-server': 'wss://meta.webphone.test', 'webphone-max-calls': '1' } });
  await expect(alice.serverBox).toHaveValue(`${server.url} wss://b.webphone.test`);
  await alice.fillSignIn({ ...account('1001'), server: server.url });
  await alice.serverBox.press('Enter');
  await alice.expectDialer();
  await settingsButton(alice).click();
  await expect(alice.page.getByLabel('Calls at once', { exact: true })).toHaveValue('4');
  await expect(alice.page.getByLabel('Ringing tone of your calls').locator('option:checked')).toHaveText('Spain');
});

test('a slip of the pen in config.json is said to whoever hosts the page, and all else counts', async ({ phones, site }) => {
  site.answers.set('/config.json', () => ({ maxCals: 4, maxCalls: 'many', ringBack: 'britain' }));
  const alice = await phones.open('1001');
  const said = await complaints(alice);
  await alice.page.reload();
  await expect(alice.page.locator('#splash')).toHaveCount(0);
  await expect.poll(() => said).toEqual([
    'WebPhone, configuration: there is no setting named "maxCals"',
    'WebPhone, configuration: "maxCalls" is passed over, as it must be a number from 1 to 4',
  ]);
  await alice.signInAtOnce({ ...account('1001'), server: alice.wire.url });
  await settingsButton(alice).click();
  await expect(alice.page.getByLabel('Calls at once', { exact: true })).toHaveValue('2');
  await expect(alice.page.getByLabel('Ringing tone of your calls').locator('option:checked')).toHaveText(/^United Kingdom/);
});

/** Loads the page anew as if whoever hosts it had written this server into its element. */
async function propose(phone: Phone, server: string): Promise<void> {
  await phone.page.route(({ pathname }) => pathname === '/', async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/<meta name="?webphone-server"?[^>]*>/, `<meta name="webphone-server" content="${server}">`);
    await route.fulfill({ response, body });
  });
  await phone.page.reload();
  await expect(phone.page.locator('meta[name=webphone-server]')).toHaveAttribute('content', server);
}

for (const [name, answer, complains] of [
  ['is missing', () => { throw new Error('gone'); }, false],
  ['is something else', () => 'maxCalls = 4', true],
  ['does not come', () => undefined, false],
] as const) {
  test(`a config.json that ${name} leaves the page with what its elements say`, async ({ phones, site }) => {
    site.answers.set('/config.json', answer);
    const alice = await phones.open('1001');
    const said = await complaints(alice);
    await propose(alice, 'wss://meta.webphone.test');
    await expect(alice.page.locator('#splash')).toHaveCount(0);
    await expect(alice.serverBox).toHaveValue('wss://meta.webphone.test');
    await expect(alice.connectButton).toBeEnabled();
    expect(said.map((words) => /config\.json cannot be read/.test(words))).toEqual(complains ? [true] : []);
  });
}

test('what config.json said last counts where it cannot be had, and no longer than that', async ({ phones, site }) => {
  const arrives = async (server: string) => {
    await alice.page.reload();
    await expect(alice.page.locator('#splash')).toHaveCount(0);
    await expect(alice.serverBox).toHaveValue(server);
  };
  site.answers.set('/config.json', () => ({ server: 'wss://first.webphone.test' }));
  const alice = await phones.open('1001');
  await arrives('wss://first.webphone.test');
  for (const answer of [() => { throw new Error('down'); }, () => undefined, () => 'torn']) {
    site.answers.set('/config.json', answer);
    await arrives('wss://first.webphone.test');
  }
  site.answers.set('/config.json', () => ({ maxCalls: 3 }));
  await arrives('');
});

test('what is typed before config.json has come stays', async ({ phones, site }) => {
  let asked = 0;
  site.answers.set('/config.json', () => void asked++);
  const alice = await phones.open('1001', { meta: { 'webphone-server': 'wss://meta.webphone.test' } });
  await alice.serverBox.fill('wss://typed.webphone.test');
  await expect(alice.page.locator('#splash')).toHaveCount(0);
  await expect(alice.serverBox).toHaveValue('wss://typed.webphone.test');
  expect(asked).toBe(1);
});
