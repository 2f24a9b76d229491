import { expect, test } from '../../support/page';
import { layoutFaults, visitScreens } from '../../support/screens';

for (const viewport of [
  { width: 320, height: 568 },
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
]) {
  for (const lang of ['en', 'es'] as const) {
    test(`every screen fits ${viewport.width} × ${viewport.height} in ${lang}`, async ({ phones, server }) => {
      await visitScreens(phones, server, { viewport, query: `lang=${lang}`, language: lang }, async (screen, phone) => {
        expect.soft(await layoutFaults(phone.page), `${screen} at ${viewport.width} px`).toEqual([]);
      });
    });
  }
}

test('a long number and a long notice stay inside 320 px', async ({ phones }) => {
  const alice = await phones.signIn('1001', { viewport: { width: 320, height: 568 } });
  await alice.call(`${'1234567890'.repeat(6)}@webphone.test`);
  await alice.expectSays(/(not found|no such|exist|unknown|not known|nobody)/i);
  await alice.expectDialer();
  expect(await layoutFaults(alice.page)).toEqual([]);
});
