import { expect, test } from '../support/fixtures';

/** Keeps the telephone's memory where the test finds it. */
function findMemory(): void {
  addEventListener('TrunkApplicationStarted', (event) => {
    Object.assign(window, { memory: (event as CustomEvent).detail.wasm.memory });
  });
}

/** Overwrites all that the telephone has in memory, so that the next thing it does fails. */
function ruinMemory(): void {
  new Uint8Array((window as unknown as { memory: WebAssembly.Memory }).memory.buffer).fill(0xff);
}

for (const [language, stopped, reload] of [
  ['en', 'The telephone has stopped.', 'Reload'],
  ['es', 'El teléfono se detuvo.', 'Volver a cargar'],
] as const) {
  test(`a telephone that has failed inside says so in ${language}, and a click brings a new one`, async ({ phones }) => {
    const ana = await phones.open('1001', { language, query: `lang=${language}`, before: findMemory });
    await expect(ana.connectButton).toBeVisible();
    await ana.page.evaluate(ruinMemory);
    await ana.connectButton.click();
    await expect(ana.page.getByRole('alert')).toContainText(stopped);
    await expect(ana.connectButton).toBeHidden();
    const button = ana.page.getByRole('button', { name: reload, exact: true });
    await expect(button).toBeFocused();
    await button.click();
    await expect(ana.connectButton).toBeEnabled();
    await expect(ana.page.getByRole('alert')).toHaveCount(0);
  });
}
