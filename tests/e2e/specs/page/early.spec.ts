import { expect, test } from '../../support/page';
import { account } from '../../support/kamailio';
import type { Phone } from '../../support/phone';

type Held = { arrive(): void; lines: WebSocket[] };

/** Runs in the page before its own scripts: the telephone arrives when the test says so, and connections are noted. */
function hold(): void {
  const lines: WebSocket[] = [];
  const Line = class extends WebSocket {
    constructor(...to: ConstructorParameters<typeof WebSocket>) {
      super(...to);
      lines.push(this);
    }
  };
  Object.assign(window, { lines, WebSocket: Line });
  // From the first moment on, as the test may say so before the page asks.
  const arrived = new Promise<void>((arrive) => Object.assign(window, { arrive }));
  const instantiate = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (...source) => {
    await arrived;
    return instantiate(...source);
  };
}

const arrive = () => (window as unknown as Held).arrive();

const [OPEN, CLOSED] = [1, 3];

/** The states of the page's connections. */
const lines = (phone: Phone) => phone.page.evaluate(() => (window as unknown as Held).lines.map((line) => line.readyState));

test('the form can be filled in and sent while the telephone is still on its way', async ({ phones, server }) => {
  const ana = await phones.open('1001', { before: hold });
  await ana.fillSignIn({ ...account('1001'), server: server.url });
  await ana.serverBox.press('Enter');
  await expect(ana.connectButton).toBeDisabled();
  await expect.poll(() => lines(ana), 'the way to the server is begun').toEqual([OPEN]);
  await ana.page.evaluate(arrive);
  await ana.expectDialer();
  expect(await lines(ana), 'the telephone goes on with it').toEqual([OPEN]);
  await ana.signOut();
  await expect(ana.addressBox).toHaveValue(account('1001').address);
  await expect(ana.passwordBox).toHaveValue('');
});

test('the way to the server of who is signed in is begun while the telephone is still on its way', async ({ phones }) => {
  const ana = await phones.signIn('1001');
  await ana.expectKept();
  await ana.page.addInitScript(hold);
  await ana.page.reload();
  await expect.poll(() => lines(ana)).toEqual([OPEN]);
  await ana.page.evaluate(arrive);
  await ana.expectDialer();
  expect(await lines(ana)).toEqual([OPEN]);
});

test('a way to the server that the telephone does not take is given up', async ({ phones, server }) => {
  const ana = await phones.open('1001', { before: hold });
  await ana.fillSignIn({ address: '', password: 'x', server: server.url });
  await ana.serverBox.press('Enter');
  await ana.page.evaluate(arrive);
  await expect(ana.page.locator('#sign-in-error')).toBeVisible();
  await expect.poll(() => lines(ana)).toEqual([CLOSED]);
});

test('who types while the telephone arrives goes on typing', async ({ phones }) => {
  const ana = await phones.open('1001', { before: hold });
  await ana.addressBox.click();
  await ana.page.keyboard.type('ana');
  await ana.page.evaluate(arrive);
  await expect(ana.page.locator('#splash')).toHaveCount(0);
  await ana.page.keyboard.type('@here');
  await expect(ana.addressBox).toHaveValue('ana@here');
});

test('the password can be shown before the telephone is there and hidden after it', async ({ phones }) => {
  const ana = await phones.open('1001', { before: hold, query: 'lang=es', language: 'es' });
  const show = ana.page.getByRole('button', { name: 'Mostrar contraseña' });
  await show.click();
  await expect(ana.passwordBox).toHaveAttribute('type', 'text');
  await ana.page.evaluate(arrive);
  await expect(ana.page.locator('#splash')).toHaveCount(0);
  await show.click();
  await expect(ana.passwordBox).toHaveAttribute('type', 'password');
});
