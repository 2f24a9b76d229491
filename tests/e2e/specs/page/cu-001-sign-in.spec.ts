import { expect, test } from '../../support/page';
import { account } from '../../support/kamailio';
import { header } from '../../support/sip-trace';

test('an address may begin with sip:', async ({ phones, server }) => {
  const alice = await phones.open('1001');
  await alice.signIn({ ...account('1001'), address: 'sip:1001@webphone.test', server: server.url });
});

const failures = {
  'a wrong password': { with: { password: 'wrong' }, says: /password/i },
  'an unknown user': { with: { address: '1010@webphone.test' }, says: /\b(user|account|extension|know|exist)/i },
  'a server that cannot be reached': { with: { server: 'ws://127.0.0.1:19999' }, says: /(reach|connect to|answer)/i },
  'a malformed address': { with: { address: 'not an address' }, says: /address/i },
};

for (const [name, failure] of Object.entries(failures)) {
  test(`${name} is said in words, and the fields are kept`, async ({ phones, server }) => {
    const alice = await phones.open('1001');
    await alice.page.evaluate(() => Object.assign(window, { isOfThisLoad: true }));
    const account1001 = { ...account('1001'), server: server.url };
    const entered = { ...account1001, ...failure.with };
    await alice.fillSignIn(entered);
    await alice.connectButton.click();
    await alice.expectSays(failure.says);

    await expect(alice.addressBox).toHaveValue(entered.address);
    await expect(alice.passwordBox).toHaveValue(entered.password);
    await expect(alice.serverBox).toHaveValue(entered.server);
    await expect(alice.connectButton).toBeEnabled();
    expect(await alice.page.evaluate(() => 'isOfThisLoad' in window), 'the page should not have been loaded again').toBe(true);

    await alice.signIn(account1001);
  });
}

test('each failure has a sentence of its own', async ({ phones, server }) => {
  const alice = await phones.open('1001');
  const sentences = new Set<string>();
  for (const failure of Object.values(failures)) {
    await alice.fillSignIn({ ...account('1001'), server: server.url, ...failure.with });
    await alice.connectButton.click();
    await alice.expectOwnSentence(failure.says, sentences);
  }
});

test('the phone is the same instance on the next visit', async ({ phones, server }) => {
  const alice = await phones.signIn('1001');
  await alice.reload();
  const instances = alice.sip.sent(/^REGISTER /).map(({ text }) => /\+sip\.instance="([^"]+)"/.exec(text)?.[1]);
  expect(instances[0]).toMatch(/^<urn:uuid:[0-9a-f-]{36}>$/i);
  expect(new Set(instances).size, '+sip.instance should stay the same').toBe(1);
  await expect.poll(() => server.contacts('1001'), 'the contact of the first visit should be gone').toHaveLength(1);
});

test('a server that wants longer registrations gets them (423)', async ({ phones, server }) => {
  server.minExpires = 3000;
  const alice = await phones.signIn('1001');
  await alice.sip.expectReceived(/^SIP\/2.0 423 /);
  const last = alice.sip.sent(/^REGISTER /).at(-1)!.text;
  expect(Number(/;expires=(\d+)/.exec(last)?.[1] ?? header(last, 'Expires'))).toBeGreaterThanOrEqual(3000);
});

test('the registration is refreshed before it ends', async ({ phones, server }) => {
  server.maxExpires = 6;
  const alice = await phones.signIn('1001', { clock: true });
  await alice.stopClock();
  const granted = () => alice.sip.received(/^SIP\/2.0 200 [^]*CSeq: \d+ REGISTER/);
  const before = granted().length;
  const refreshed = async () => {
    await alice.page.clock.runFor(250);
    return granted().length - before;
  };
  await expect.poll(refreshed, { message: 'it should be refreshed twice', intervals: [20] }).toBeGreaterThanOrEqual(2);
  const asked = alice.sip.sent(/^REGISTER /).map(({ at }) => at);
  const pauses = asked.slice(1).map((at, index) => at - asked[index]);
  expect(Math.max(...pauses), 'milliseconds, by the clock of the page, of a 6 s registration').toBeLessThan(6_000);
  expect(await server.contacts('1001')).toHaveLength(1);
});
