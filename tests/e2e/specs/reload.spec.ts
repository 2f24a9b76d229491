import { answerWithVideoButton, expectSees, installEyes, videoCall } from '../support/eyes';
import { expect, test, withEachFarEnd, type Phones } from '../support/fixtures';
import { account } from '../support/kamailio';
import { signInAt } from '../support/pbx';
import { expectAudioBothWays, talk, type Phone } from '../support/phone';
import { expectWorker, signInWithWorker } from '../support/worker';

// Calls that outlive their page.

/** The page's process dies without a word. */
async function crash(phone: Phone): Promise<void> {
  const crashed = phone.page.waitForEvent('crash');
  await phone.page.goto('chrome://crash').catch(() => {}); // Never answers.
  await crashed;
}

/** The page of alice dies in a call with bob. */
async function crashInCall(phones: Phones, browserName: string) {
  test.skip(browserName !== 'chromium', 'Only Chromium has a page that crashes.');
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  const context = alice.page.context();
  await crash(alice);
  return { alice, bob, context };
}

withEachFarEnd((far) => {
  for (const caller of ['who is called', 'the caller']) {
    test(`a call goes on when the page of ${caller} is loaded anew`, { tag: caller === 'who is called' ? ['@gate', '@firefox'] : '@gate' }, async ({ phones }) => {
      const alice = await signInWithWorker(phones, '1001');
      const bob = await phones.signIn('1002', { kind: far });
      await (caller === 'the caller' ? talk(alice, bob) : talk(bob, alice));
      await expectAudioBothWays(alice, bob);
      const seconds = await alice.timerSeconds();
      const began = Date.now();
      await alice.page.reload();
      await alice.expectInCall('1002');
      console.log(`back ${Date.now() - began} ms after the page was asked to load anew`);
      await expectAudioBothWays(alice, bob);
      expect(await alice.timerSeconds(), 'the time of the call goes on').toBeGreaterThanOrEqual(seconds);
      await bob.expectInCall('1001');
      await expect(bob.page.getByRole('alertdialog')).toBeHidden();
      expect(bob.sip.received(/^BYE /)).toEqual([]);
      await bob.hangUp();
      await Promise.all([alice.expectDialer(), bob.expectDialer()]);
    });
  }
});

test('both pages of a call may be loaded anew, and for both it is one call', async ({ phones }) => {
  const alice = await signInWithWorker(phones, '1001');
  const bob = await signInWithWorker(phones, '1002');
  await talk(alice, bob);
  for (const phone of [alice, bob, bob, alice]) {
    await phone.page.reload();
    await Promise.all([alice.expectInCall('1002'), bob.expectInCall('1001')]);
    await expectAudioBothWays(alice, bob);
  }
  await alice.hangUp();
  for (const phone of [alice, bob]) {
    await phone.expectDialer();
    await phone.historyTab.click();
    await expect(phone.rows).toHaveCount(1);
  }
});

test('who was muted stays so, and who was on hold', async ({ phones }) => {
  const alice = await signInWithWorker(phones, '1001');
  const bob = await phones.signIn('1002');
  const carol = await phones.signIn('1003');
  await talk(alice, bob);
  await bob.setMuted(true);
  await alice.addCall('1003');
  await carol.expectIncoming('1001');
  await carol.answer();
  await carol.expectInCall('1001');
  await alice.setMuted(true);
  await alice.page.reload();
  await alice.expectInCall('1003');
  await expect(alice.muteButton).toHaveAttribute('aria-pressed', 'true');
  await carol.expectSilence();
  await bob.expectSilence();
  await alice.setMuted(false);
  await expectAudioBothWays(alice, carol);
  await alice.hangUp();
  await alice.expectInCall('1002');
  await alice.resume();
  await bob.expectHears();
  await expect(bob.muteButton, 'who is called anew does not speak unasked').toHaveAttribute('aria-pressed', 'true');
  await alice.expectSilence();
});

test('who is seen is seen again when their page is loaded anew, and the other side is asked for its picture', async ({ phones }) => {
  const alice = await signInWithWorker(phones, '1001', { before: installEyes });
  const bob = await phones.signIn('1002', { before: installEyes });
  await videoCall(alice, '1002');
  await answerWithVideoButton(bob).click();
  await Promise.all([expectSees(alice), expectSees(bob)]);
  await alice.page.reload();
  await alice.expectInCall('1002');
  await expectAudioBothWays(alice, bob);
  await expectSees(bob);
  await expect(bob.shown('1001 shows their camera. Show yours, too?')).toBeVisible();
});

test('a conference is one again when its page is loaded anew', async ({ phones }) => {
  const alice = await signInWithWorker(phones, '1001', { pitch: 400 });
  const bob = await phones.signIn('1002', { pitch: 700 });
  const carol = await phones.signIn('1003', { pitch: 1100 });
  await talk(alice, bob);
  await alice.addCall('1003');
  await carol.answer();
  await alice.expectInCall('1003');
  await alice.conferenceButton.click();
  await carol.expectHearsPitches([400, 700]);
  await alice.page.reload();
  await expect(alice.page.getByRole('heading', { name: 'Conference' })).toBeVisible();
  await Promise.all([
    alice.expectHearsPitches([700, 1100]),
    bob.expectHearsPitches([400, 1100], [700]),
    carol.expectHearsPitches([400, 700], [1100]),
  ]);
});

test('a call goes on after its page has crashed', async ({ phones, browserName }) => {
  const { bob, context } = await crashInCall(phones, browserName);
  const again = await phones.openIn(context, '1001');
  await again.expectInCall('1002');
  await expectAudioBothWays(again, bob);
});

test('a call goes on when its page is closed and opened again', async ({ phones }) => {
  const alice = await signInWithWorker(phones, '1001');
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await alice.page.close({ runBeforeUnload: true });
  await bob.page.waitForTimeout(1_500); // So long takes a hand that finds the page again.
  const again = await phones.openIn(alice.page.context(), '1001');
  await again.expectInCall('1002');
  await expectAudioBothWays(again, bob);
  await bob.page.waitForTimeout(10_000);
  await expectAudioBothWays(again, bob); // Its worker does not say goodbye after all.
});

test('who closes the page and does not come back has said goodbye', async ({ phones }) => {
  const alice = await signInWithWorker(phones, '1001');
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await alice.page.close({ runBeforeUnload: true });
  await expect.poll(() => bob.sip.received(/^BYE /).length, { timeout: 20_000 }).toBe(1);
  await bob.expectDialer();
});

/** The page has crashed in a call, and is opened again more than a minute later. */
async function backLater(phones: Phones, browserName: string) {
  const { alice, bob, context } = await crashInCall(phones, browserName);
  const plain = await context.newPage();
  await plain.goto(new URL('jssip/', alice.page.url()).href);
  await plain.evaluate(() => localStorage.setItem('webphone.seen', String(Date.now() - 61_000)));
  const again = await phones.openIn(context, '1001');
  const asked = again.page.getByRole('alertdialog', { name: /You were in a call with 1002/ });
  await expect(asked).toBeVisible();
  return { again, bob, asked };
}

test('a call that the user does not want back is over for the other side too', async ({ phones, browserName }) => {
  const { again, bob, asked } = await backLater(phones, browserName);
  await bob.expectInCall('1001');
  await expect(again.page.getByRole('status').filter({ hasText: 'Connected' })).toBeVisible();
  await asked.getByRole('button', { name: 'Hang up' }).click();
  await Promise.all([again.expectDialer(), bob.expectDialer()]);
  await expect(asked).toBeHidden();
});

test('after more than a minute the user is asked first', async ({ phones, browserName }) => {
  const { again, bob, asked } = await backLater(phones, browserName);
  await asked.getByRole('button', { name: 'Take it back' }).click();
  await again.expectInCall('1002');
  await expectAudioBothWays(again, bob);
  await expect(asked).toBeHidden();
});

test('an account that the server turns away is not forgotten, and tried again', async ({ phones, kamailio, browserName }) => {
  const alice = await phones.signIn('1001');
  // In Chromium, that of Playwright calls a timer within itself.
  const hasClock = browserName === 'firefox';
  if (hasClock) await alice.page.clock.install();
  await alice.reload();
  await kamailio.setPassword('1001', 'another');
  try {
    await alice.wire.cutFor(500);
    await alice.expectSays(/password/);
    await alice.page.reload();
    await alice.expectSays(/password/);
  } finally {
    await kamailio.setPassword('1001', account('1001').password);
  }
  if (hasClock) {
    await alice.page.clock.fastForward('05:00');
    await alice.expectSays(/Connected/);
  }
  await alice.reload();
});

test('a call that has ended meanwhile is said to be over', async ({ phones }) => {
  const alice = await signInWithWorker(phones, '1001');
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await alice.page.close({ runBeforeUnload: true });
  await bob.hangUp();
  await bob.expectDialer();
  const again = await phones.openIn(alice.page.context(), '1001');
  await again.expectSays(/call with 1002 could not be taken back/);
  await again.expectDialer();
  await again.historyTab.click();
  await expect(again.rows).toHaveCount(1);
});

test('who does not stay signed in is asked for the password by each page', async ({ phones, kamailio }) => {
  const alice = await phones.open('1001');
  await alice.page.getByLabel('Stay signed in on this device').uncheck();
  await alice.signIn({ address: '1001@webphone.test', password: 'demo-1001', server: kamailio.url });
  await alice.page.reload();
  await expect(alice.connectButton).toBeVisible();
  await expect(alice.passwordBox).toHaveValue('');
});

test('the password is kept where no script reads it', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const read = () =>
    alice.page.evaluate(async () => {
      const found: unknown[] = [JSON.stringify({ ...localStorage, ...sessionStorage })];
      for (const { name } of await indexedDB.databases()) {
        const database = await new Promise<IDBDatabase>((done) => {
          const opening = indexedDB.open(name!);
          opening.onsuccess = () => done(opening.result);
        });
        for (const store of database.objectStoreNames) {
          const all = database.transaction(store).objectStore(store).getAll();
          await new Promise((done) => (all.onsuccess = done));
          for (const value of all.result) {
            if (value instanceof CryptoKey) found.push(value.extractable ? 'a key for everybody' : 'a key');
            else found.push(value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) : JSON.stringify(value));
          }
        }
        database.close();
      }
      return found;
    });
  await expect.poll(async () => (await read()).includes('a key')).toBe(true);
  const found = await read();
  expect(found).not.toContain('a key for everybody');
  expect(found.join()).not.toContain('demo-1001');
});

test('a call through Asterisk goes on when the page is loaded anew', async ({ phones, asterisk }) => {
  const alice = await signInAt(phones, asterisk, '1001', { serviceWorkers: 'allow' });
  await expectWorker(alice);
  await alice.call('600');
  await alice.expectInCall('600');
  await alice.expectHears();
  const began = Date.now();
  await alice.page.reload();
  await alice.expectInCall('600');
  console.log(`back ${Date.now() - began} ms after the page was asked to load anew`);
  await alice.expectHears();
  await expect.poll(async () => (await asterisk.channels()).length, 'the call before should be gone').toBe(1);
});

test('two telephones of an Asterisk go on when one page is loaded anew', async ({ phones, asterisk }) => {
  const alice = await signInAt(phones, asterisk, '1001', { serviceWorkers: 'allow' });
  const bob = await signInAt(phones, asterisk, '1009', { kind: 'jssip' });
  await talk(bob, alice);
  await expectWorker(alice);
  await alice.page.reload();
  await alice.expectInCall('1009');
  await expectAudioBothWays(alice, bob);
});

test('a page that the browser had kept as it was goes on with its call', async ({ phones }) => {
  const alice = await signInWithWorker(phones, '1001');
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  // What a browser does that keeps such pages: drivers have it switched off.
  await alice.page.evaluate(() => {
    for (const kind of ['pagehide', 'pageshow']) dispatchEvent(new PageTransitionEvent(kind, { persisted: true }));
  });
  await alice.page.waitForEvent('load');
  await alice.expectInCall('1002');
  await expectAudioBothWays(alice, bob);
  await bob.expectInCall('1001');
});
