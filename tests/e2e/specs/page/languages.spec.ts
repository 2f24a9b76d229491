import { expect, test } from '../../support/page';
import { account } from '../../support/kamailio';
import { names } from '../../support/names';
import type { Phone } from '../../support/phone';

/** The controls of the screen that are named in English, by their exact names. */
async function englishControls(phone: Phone): Promise<string[]> {
  const found: string[] = [];
  for (const value of Object.values(names.en)) {
    if (!('name' in value)) continue;
    const control = phone.page.getByRole('button', value).or(phone.page.getByRole('textbox', value));
    if (await control.filter({ visible: true }).count()) found.push(value.name);
  }
  return found;
}

async function expectLanguage(phone: Phone, language: 'en' | 'es'): Promise<void> {
  await expect(phone.connectButton, `the page should speak ${language}`).toBeVisible();
  await expect(phone.page.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`));
}

for (const [locale, language] of [['es-ES', 'es'], ['es-MX', 'es'], ['en-US', 'en'], ['fr-FR', 'en']] as const) {
  test(`a browser that asks for ${locale} gets ${language}`, async ({ phones }) => {
    await expectLanguage(await phones.open('1001', { locale, query: '', language }), language);
  });
}

for (const [locale, language] of [['en-GB', 'es'], ['es-ES', 'en']] as const) {
  test(`?lang=${language} overrides the browser's ${locale}`, async ({ phones }) => {
    await expectLanguage(await phones.open('1001', { locale, query: `lang=${language}`, language }), language);
  });
}

test('a call goes through in Spanish, and no screen has an English control', async ({ phones, server }) => {
  const spanish = { query: 'lang=es', language: 'es' } as const;
  const ana = await phones.open('1001', spanish);
  expect(await englishControls(ana), 'sign-in').toEqual([]);
  await ana.signIn({ ...account('1001'), server: server.url });
  expect(await englishControls(ana), 'dialer').toEqual([]);

  const blas = await phones.signIn('1002', spanish);
  await ana.call('1002');
  await blas.expectIncoming('1001');
  await ana.expectRinging('1002');
  expect(await englishControls(ana), 'calling').toEqual([]);
  expect(await englishControls(blas), 'incoming').toEqual([]);

  await blas.answer();
  await ana.expectInCall('1002');
  expect(await englishControls(ana), 'in call').toEqual([]);
  await ana.hangUp();
  await blas.expectDialer();
});

test('notices are in Spanish', async ({ phones }) => {
  const ana = await phones.signIn('1001', { query: 'lang=es', language: 'es' });
  await ana.call('2486');
  await ana.expectSays(/ocupad/i);
  await ana.call('1010');
  await ana.expectSays(/(no existe|no se (ha )?encontr|desconocid)/i);
});
