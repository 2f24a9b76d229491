import { failWith } from '../../support/computer';
import { expect, test } from '../../support/page';

const failures = {
  refused: { before: failWith('NotAllowedError'), says: /blocked\. Allow it in the address bar/ },
  forbidden: { before: failWith('SecurityError'), says: /settings give the microphone to no page/ },
};

for (const [name, { before, says }] of Object.entries(failures)) {
  test(`a microphone that is ${name} is said in words, and nobody is called`, async ({ phones }) => {
    const alice = await phones.signIn('1001', { before });
    await alice.call('1002');
    await alice.expectSays(says);
    await alice.expectDialer();
    expect(alice.sip.sent(/^INVITE /)).toEqual([]);
  });
}

test('each failure has a sentence of its own', async ({ phones }) => {
  const sentences = new Set<string>();
  for (const { before, says } of Object.values(failures)) {
    const alice = await phones.signIn('1001', { before });
    await alice.call('1002');
    await alice.expectOwnSentence(says, sentences);
  }
});

test('a browser that really refuses the microphone is understood', async ({ phones, startBrowser }) => {
  const alice = await phones.signIn('1001', { browser: await startBrowser({ microphone: 'refused' }) });
  await alice.call('1002');
  await alice.expectSays(failures.refused.says);
  await alice.expectDialer();
});

test('a page that is not secure is told apart', async ({ phones, startBrowser }) => {
  const host = 'insecure.test';
  const alice = await phones.signIn('1001', { browser: await startBrowser({ host }), host });
  expect(await alice.page.evaluate(() => window.isSecureContext)).toBe(false);
  await alice.call('1002');
  await alice.expectSays(/(secure|https)/i);
  await alice.expectDialer();
});

test('answering without a microphone says so', async ({ phones }) => {
  const alice = await phones.signIn('1001', { before: failures.refused.before });
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await bob.call('1001');
  await alice.expectIncoming('1002');
  await alice.answer();
  await alice.expectSays(failures.refused.says);
});
