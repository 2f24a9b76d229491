import { browserTypes, type BrowserName } from '../support/browser';
import { expect, test } from '../support/fixtures';
import { expectAudioBothWays, talk, type Phone } from '../support/phone';
import { run } from '../support/server';

/** The processes of a browser, the first one first. */
async function descendants(pid: number): Promise<number[]> {
  const { stdout } = await run('pgrep', ['-P', String(pid)]).catch(() => ({ stdout: '' }));
  const children = stdout.split('\n').filter(Boolean).map(Number);
  return [pid, ...(await Promise.all(children.map(descendants))).flat()];
}

/** The line is noticed to be gone, and is there again. */
async function expectLostAndBack(phone: Phone, noticed: number): Promise<void> {
  const before = phone.sip.sockets.length;
  await expect.poll(() => phone.sip.sockets.length, { message: `${phone} should connect again`, timeout: noticed }).toBeGreaterThan(before);
  await phone.expectSays(/^Connected/);
}

test('a line that is dead without saying so is found while nothing happens', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  alice.wire.hang();
  await expectLostAndBack(alice, 27_000);
  const bob = await phones.signIn('1002');
  await talk(bob, alice);
});

/** Hold and its end reach the other side. */
async function expectHold(holder: Phone, held: Phone): Promise<void> {
  await holder.hold();
  await held.expectSilence();
  await holder.resume();
  await expectAudioBothWays(holder, held);
}

/** Hides the page, whose timers are then called once a minute, as Chromium does it after a while. */
function hide(): void {
  const minute = 60_000;
  const { setTimeout: later } = window;
  window.setTimeout = ((run: () => void, after = 0) =>
    later(run, document.hidden ? minute - (Date.now() % minute) + minute * Math.floor(after / minute) : after)) as typeof setTimeout;
  Object.defineProperty(document, 'hidden', { get: () => true });
  document.dispatchEvent(new Event('visibilitychange'));
}

test('a line that is dead without saying so is found while nobody looks at the page', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await alice.page.evaluate(hide);
  alice.wire.hang();
  await expectLostAndBack(alice, 27_000);
  await alice.wire.cutFor(5_000);
  await expectLostAndBack(alice, 6_000);
  const bob = await phones.signIn('1002');
  await talk(bob, alice);
});

test('a computer that slept has its line again as soon as it wakes', async ({ phones, browserName, launchOptions }) => {
  const server = await browserTypes[browserName as BrowserName].launchServer(launchOptions);
  const browser = await browserTypes[browserName as BrowserName].connect(server.wsEndpoint());
  const alice = await phones.signIn('1001', { browser });
  await alice.sip.expectReceived(/^\r\n$/);
  const processes = await descendants(server.process().pid!);
  for (const pid of processes) process.kill(pid, 'SIGSTOP');
  alice.wire.hang();
  // Longer than the pause between two pings, and than what counts as late.
  await new Promise((resolve) => setTimeout(resolve, 21_000));
  for (const pid of processes) process.kill(pid, 'SIGCONT');
  await expectLostAndBack(alice, 5_000);
  const bob = await phones.signIn('1002');
  await talk(bob, alice);
  await browser.close();
});

test('a clock that stood still while the computer slept is no reason to believe in the line', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await alice.sip.expectReceived(/^\r\n$/);
  const before = alice.sip.sent(/^\r\n\r\n$/).length;
  await alice.page.evaluate(() => {
    const now = Date.now;
    Date.now = () => now() + 3_600_000;
  });
  alice.wire.hang();
  await alice.sip.expectSent(/^\r\n\r\n$/, before + 1);
  await expectLostAndBack(alice, 5_000);
});

test('a line that is dead without saying so is found at once when the page is looked at again', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const look = () => alice.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await look();
  await alice.sip.expectSent(/^\r\n\r\n$/);
  await alice.sip.expectReceived(/^\r\n$/);
  alice.wire.hang();
  await look();
  await expectLostAndBack(alice, 5_000);
  const bob = await phones.signIn('1002');
  await talk(bob, alice);
});

test('the line is made anew at once when there is a network again, dead or not', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  for (const isDead of [true, false]) {
    if (isDead) alice.wire.hang();
    const before = alice.sip.sockets.length;
    await alice.page.evaluate(() => window.dispatchEvent(new Event('online')));
    await expect.poll(() => alice.sip.sockets.length).toBe(before + 1);
    await alice.expectSays(/^Connected/);
  }
  const bob = await phones.signIn('1002');
  await talk(bob, alice);
});

const lengths = process.env.E2E_EVERYTHING ? [1, 5, 20, 60] : [1, 5, 20];

for (const seconds of lengths) {
  test.describe(`a line that is cut for ${seconds} s`, () => {
    test.beforeEach(() => test.setTimeout(120_000 + seconds * 1000));

    test('in a call leaves the sound, and hold and the end reach the other side', { tag: seconds === 1 ? '@gate' : [] }, async ({ phones }) => {
      const alice = await phones.signIn('1001');
      const bob = await phones.signIn('1002');
      await talk(bob, alice);
      await alice.wire.cutFor(seconds * 1000);
      await expectAudioBothWays(alice, bob);
      await alice.expectSays(/^Connected/, 30_000);
      await expectHold(alice, bob);
      await alice.hangUp();
      await bob.expectDialer();
    });

    test('on hold leaves it on hold, and it is resumed', async ({ phones }) => {
      const alice = await phones.signIn('1001');
      const bob = await phones.signIn('1002');
      await talk(alice, bob);
      await alice.hold();
      await alice.wire.cutFor(seconds * 1000);
      await expect(alice.resumeButton).toBeVisible();
      await alice.expectSays(/^Connected/, 30_000);
      await alice.resume();
      await expectAudioBothWays(alice, bob);
      await bob.hangUp();
      await alice.expectDialer();
    });

    test('while it rings lets the call be answered', async ({ phones }) => {
      const alice = await phones.signIn('1001');
      const bob = await phones.signIn('1002');
      await bob.call('1001');
      await alice.expectIncoming('1002');
      await alice.wire.cutFor(seconds * 1000);
      await alice.expectSays(/^Connected/, 30_000);
      if (seconds === 60) {
        // The server lets nobody ring for longer than that, and has told the caller.
        await bob.expectDialer();
        await alice.decline();
        return alice.expectDialer();
      }
      await alice.answer();
      await Promise.all([alice.expectInCall('1002'), bob.expectInCall('1001')]);
      await expectAudioBothWays(alice, bob);
      await alice.hangUp();
      await bob.expectDialer();
    });

    test('while the other side rings leaves a call that can be ended, or none, and no ghost', async ({ phones }) => {
      const alice = await phones.signIn('1001');
      const bob = await phones.signIn('1002');
      await alice.call('1002');
      await bob.expectIncoming('1001');
      await alice.wire.cutFor(seconds * 1000);
      await alice.expectSays(/^Connected/, 30_000);
      await expect(alice.hangUpButton.or(alice.callButton).first()).toBeVisible();
      if (await alice.hangUpButton.isVisible()) await alice.hangUp();
      await Promise.all([alice.expectDialer(), bob.expectDialer()]);
    });
  });
}

test('a line that is cut while it registers is registered afterwards', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const before = alice.sip.sent(/^REGISTER /).length;
  alice.wire.deafen(true);
  await alice.wire.cutFor(1000);
  await expect.poll(() => alice.sip.sent(/^REGISTER /).length, 'it should register').toBeGreaterThan(before);
  alice.wire.deafen(false);
  await alice.wire.cutFor(1000);
  await alice.expectSays(/^Connected/);
  const bob = await phones.signIn('1002');
  await talk(bob, alice);
});

test('a line that dies before it is registered again is found, and at once when the page is looked at', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await alice.sip.expectReceived(/^\r\n$/);
  const registers = () => alice.sip.sent(/^REGISTER /).length;
  const before = registers();
  alice.wire.deafen(true);
  await alice.wire.cutFor(0);
  await expect.poll(registers).toBe(before + 1);
  await expect.poll(registers, { message: 'the dead line should be found', timeout: 20_000 }).toBe(before + 2);
  alice.wire.hang();
  alice.wire.deafen(false);
  await alice.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await alice.expectSays(/^Connected/, 10_000);
});

for (const seconds of lengths) {
  test.describe(`a line that is cut for ${seconds} s in the middle of a change`, () => {
    test.beforeEach(() => test.setTimeout(150_000 + seconds * 1000));

    test('before the acknowledgement of our answer leaves a call', async ({ phones }) => {
      const alice = await phones.signIn('1001');
      const bob = await phones.signIn('1002');
      await bob.call('1001');
      await alice.expectIncoming('1002');
      const cut = alice.wire.cutBefore(/(^|[^\n])ACK sip:/m, seconds * 1000);
      await alice.answer();
      await cut;
      await expectAudioBothWays(alice, bob);
      await alice.expectSays(/^Connected/);
      await expectHold(alice, bob);
      await bob.hangUp();
      await Promise.all([alice.expectDialer(), bob.expectDialer()]);
    });

    test('before the answer to our call ends it at both ends', async ({ phones }) => {
      const alice = await phones.signIn('1001');
      const bob = await phones.signIn('1002');
      await alice.call('1002');
      await bob.expectIncoming('1001');
      const cut = alice.wire.cutBefore(/SIP\/2\.0 200 [^]*CSeq: \d+ INVITE/, seconds * 1000);
      await bob.answer();
      await cut;
      await alice.expectSays(/^Connected/);
      await Promise.all([alice.expectDialer(), bob.expectDialer()]);
      await talk(alice, bob);
    });

    test('in a transfer leaves nobody behind', async ({ phones }) => {
      const alice = await phones.signIn('1001');
      const bob = await phones.signIn('1002', { kind: 'jssip' });
      const carol = await phones.signIn('1003');
      await talk(bob, alice);
      const cut = alice.wire.cutBefore(/NOTIFY sip:/, seconds * 1000);
      await alice.fillTransfer('1003');
      await alice.transferNowButton.click();
      await cut;
      await carol.answer();
      await alice.expectSays(/^Connected/);
      await Promise.all([bob.expectHears(), carol.expectHears()]);
      // Where the last news went with the line, none for ten seconds count as done.
      await expect(alice.callButton).toBeVisible({ timeout: 20_000 });
    });
  });
}
