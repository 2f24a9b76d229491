import type { CDPSession, Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { account } from '../support/kamailio';
import { Phone } from '../support/phone';
import { Wire } from '../support/wire';

// Many short calls in one page, with faults at random. `make soak` runs it; CALLS and SEED say how many, and which.

const calls = Number(process.env.CALLS ?? 1000);
/** What the first calls load, and what engines keep once they have been used, is no growth. */
const warmUp = Math.min(20, calls / 2);
/** Of the heap of JavaScript and the memory of WebAssembly, in bytes. */
const growth = 2_000_000;

/** The same numbers for the same seed (mulberry32). */
function randomly(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What is measured in the page. */
interface Counted {
  connections(): number;
  memory: WebAssembly.Memory;
}

/** Runs in the page before its own scripts: `connections()` are the peer connections that are not closed. */
function countConnections(): void {
  addEventListener('TrunkApplicationStarted', (event) => {
    Object.assign(window, { memory: (event as CustomEvent).detail.wasm.memory });
  });
  const made: WeakRef<RTCPeerConnection>[] = [];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      made.push(new WeakRef(this));
    }
  };
  Object.assign(window, { connections: () => made.filter((each) => each.deref() && each.deref()!.signalingState !== 'closed').length });
}

async function measure(page: Page, session: CDPSession) {
  for (let time = 0; time < 3; time++) await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)!.value;
  const inPage = await page.evaluate(() => {
    const { memory, connections } = window as unknown as Counted;
    return { wasm: memory.buffer.byteLength, connections: connections() };
  });
  return { heap: of('JSHeapUsedSize'), listeners: of('JSEventListeners'), nodes: of('Nodes'), ...inPage };
}

test(`${calls} calls`, async ({ browser, kamailio, site, phones }) => {
  test.setTimeout(0);
  const random = randomly(Number(process.env.SEED ?? 1));
  const between = (least: number, most: number) => least + random() * (most - least);
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.addInitScript(countConnections);
  await page.goto(`${site.url}/?lang=en`);
  const alice = new Phone(page, 'webphone', '1001', await Wire.to(kamailio.url));
  await alice.signInAtOnce({ ...account('1001'), server: alice.wire.url });
  await alice.sip.follow(page);
  let bob = await phones.signIn('1002', { kind: 'jssip' });
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');

  const count = { placed: 0, connected: 0, faults: 0, ended: 0, lost: 0, ghosts: 0 };
  const isTalking = (phone: Phone) => phone.timer.isVisible();
  let before = await measure(page, session);
  for (let index = 0; index < calls; index++) {
    if (index === warmUp) before = await measure(page, session);
    if (index % 200 === 199) {
      // The tests' own ears keep each connection of the far end, of which a page may have 500.
      await bob.page.close();
      bob = await phones.signIn('1002', { kind: 'jssip' });
    }
    const [from, to] = random() < 0.5 ? [alice, bob] : [bob, alice];
    const fault = random() < 0.1 ? between(0, 900) : undefined;
    const plan = random();
    await alice.expectSays(/^Connected/, 60_000);
    await expect(bob.callButton).toBeVisible({ timeout: 60_000 });
    count.placed++;
    let cut: Promise<unknown> | undefined;
    if (fault !== undefined) {
      count.faults++;
      const length = between(200, 3_000);
      cut = page.waitForTimeout(fault).then(() => alice.wire.cutFor(length));
    }
    const short = { timeout: fault === undefined ? 10_000 : 3_000 };
    let isUp = false;
    try {
      await from.numberBox.fill(to.extension);
      await from.callButton.click(short);
      await to.incoming.waitFor(short);
      if (plan < 0.1) await from.hangUp();
      else if (plan < 0.2) await to.decline();
      else {
        await to.answer();
        await Promise.all([from.timer.waitFor(short), to.timer.waitFor(short)]);
        isUp = true;
        count.connected++;
        await page.waitForTimeout(between(100, 700));
      }
    } catch (error) {
      if (fault === undefined) {
        count.lost++;
        console.log(`call ${index} did not come about: ${String(error).split('\n')[0]}`);
      }
    }
    await cut;
    if (isUp && fault === undefined && !((await isTalking(alice)) && (await isTalking(bob)))) {
      count.lost++;
      console.log(`call ${index} ended by itself`);
    }
    // Each side ends what it still has; a call that only one side has must end for that one.
    for (const phone of random() < 0.5 ? [alice, bob] : [bob, alice]) {
      if (await phone.incoming.isVisible()) await phone.decline().catch(() => {});
      else if (await phone.hangUpButton.isVisible()) await phone.hangUp().catch(() => {});
      if (plan < 0.6) await page.waitForTimeout(50); // Mostly one of the two.
    }
    try {
      for (const phone of [alice, bob]) {
        await expect(phone.hangUpButton).toBeHidden({ timeout: 45_000 });
        await expect(phone.incoming).toBeHidden({ timeout: 45_000 });
      }
      count.ended++;
    } catch {
      count.ghosts++;
      console.log(`call ${index} has left a ghost\n${[...alice.sip.messages.slice(-12).map(({ sent, text }) => `${sent} ${text.split('\r\n')[0]}`)].join('\n')}`);
    }
    if ((index + 1) % 100 === 0) console.log(index + 1, JSON.stringify(count));
  }
  await page.waitForTimeout(35_000); // What waits for late messages waits 32 s.
  const after = await measure(page, session);
  console.log('after the first calls ', JSON.stringify(before));
  console.log('after the last        ', JSON.stringify(after));
  console.log('calls                 ', JSON.stringify(count));
  await context.close();
  expect(count).toMatchObject({ lost: 0, ghosts: 0, ended: calls });
  expect(after.connections).toBe(0);
  expect(after.heap - before.heap + after.wasm - before.wasm).toBeLessThan(growth);
  expect(await kamailio.contacts('1001')).toEqual([]);
});
