import { chromium } from '@playwright/test';
import { expect, test } from '../support/fixtures';

/** Makes every request for the microphone fail with the given DOMException. */
function failWith(name: string): () => void {
  return new Function(
    `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '${name}'));`,
  ) as () => void;
}

const failures = {
  refused: { before: failWith('NotAllowedError'), says: /(refus|denied|not allowed|block|permission|allow)/i },
  missing: { before: failWith('NotFoundError'), says: /(no microphone|not found|found no|none\b)/i },
  'in use': { before: failWith('NotReadableError'), says: /\b(in use|used by|another|busy)\b/i },
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

test('a browser that really refuses the microphone is understood', async ({ phones, launchOptions }) => {
  const args = (launchOptions.args ?? []).filter((flag) => !flag.includes('use-fake-ui-for-media-stream'));
  const browser = await chromium.launch({ ...launchOptions, headless: false, args: [...args, '--deny-permission-prompts'] });
  const alice = await phones.signIn('1001', { browser });
  await alice.call('1002');
  await alice.expectSays(failures.refused.says);
  await alice.expectDialer();
  await browser.close();
});

test('a computer that really has no microphone is understood', async ({ phones, launchOptions }) => {
  const args = (launchOptions.args ?? []).map((flag) =>
    flag === '--use-fake-device-for-media-stream' ? '--disable-audio-input' : flag,
  );
  const browser = await chromium.launch({ ...launchOptions, headless: false, args });
  const alice = await phones.signIn('1001', { browser });
  await alice.call('1002');
  await alice.expectSays(failures.missing.says);
  await alice.expectDialer();
  await browser.close();
});

test('a page that is not secure is told apart', async ({ phones, launchOptions }) => {
  const args = [...(launchOptions.args ?? []), '--host-resolver-rules=MAP insecure.test 127.0.0.1'];
  const browser = await chromium.launch({ ...launchOptions, headless: false, args });
  const alice = await phones.signIn('1001', { browser, host: 'insecure.test' });
  expect(await alice.page.evaluate(() => window.isSecureContext)).toBe(false);
  await alice.call('1002');
  await alice.expectSays(/(secure|https)/i);
  await alice.expectDialer();
  await browser.close();
});

test('answering without a microphone says so', async ({ phones }) => {
  const alice = await phones.signIn('1001', { before: failures.refused.before });
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await bob.call('1001');
  await alice.expectIncoming('1002');
  await alice.answer();
  await alice.expectSays(failures.refused.says);
});
