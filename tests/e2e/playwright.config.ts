import { defineConfig } from '@playwright/test';
import { launchOptions } from './support/browser';
import type { Options } from './support/fixtures';

/** What the servers do, in which order messages go and what the rooms show is the same in each browser: it is asked in Chromium. */
const sameInEachBrowser = [
  ...['calls-layout', 'contacts', 'cu-005-cancel-reject', 'dialer', 'do-not-disturb', 'favourites', 'forwarding', 'hands'],
  ...['history', 'identity', 'messages', 'pbx-calls', 'pbx-office', 'pbx-transfer', 'pbx-trunk', 'rig', 'rig-pbx', 'settings', 'touch'],
  ...['transfer', 'transfer-target', 'two-calls', 'voicemail'],
].map((name) => `**/${name}.spec.ts`);
const everything = !!process.env.E2E_EVERYTHING;

const inChromium = { launchOptions: launchOptions('chromium') };
const inFirefox = { browserName: 'firefox' as const, launchOptions: launchOptions('firefox') };
/** No page but ours and no server but the test's own: in Chromium they are `page`'s. */
const page = 'specs/page/*.spec.ts';
/** Tests that cannot be mended at once, for a reason beside them: `make test-all` runs them all the same. */
const aside = process.env.E2E_ALL ? undefined : /@quarantine/;
/** Of tests that run with each far end, those tagged `@gate-each` do so in the gate, too. */
const oneFarEnd = /with JsSIP at the far end(?!.*@gate-each)/;
/** A real call may fail for the machine's sake: it is tried once more, at the end and alone, and reported as FLAKY. */
const real = { retries: 1, workers: 1, dependencies: ['preflight'] };

/** Each worker starts its own Kamailio and web server (support/fixtures.ts), so files may run side by side. */
export default defineConfig<object, Options>({
  outputDir: process.env.E2E_OUTPUT ?? 'output', // Emptied by each run: runs side by side need one each.
  workers: Number(process.env.E2E_WORKERS ?? 2),
  globalSetup: './support/pulseaudio.ts',
  retries: 0,
  retryStrategy: 'isolated', // At the end, and alone.
  maxFailures: process.env.CI ? 10 : 0,
  forbidOnly: !!process.env.CI,
  // No test asserts a time. A limit costs nothing where the test passes, and a machine may be four times slower than usual.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['./support/summary.ts']],
  use: {
    locale: 'en-GB',
    actionTimeout: 30_000,
    screenshot: 'only-on-failure',
    // Takes a third of the time. A film would be a screenshot for each picture in Firefox, which the page has to wait for.
    trace: process.env.E2E_TRACE ? { mode: 'retain-on-failure', screenshots: false } : 'off',
    contextOptions: { reducedMotion: 'reduce' }, // Each picture of a movement is drawn by the processor here.
  },
  projects: [
    // The gate. Where nothing but the page decides, a failure is a fault, and is not tried again.
    { name: 'page', testMatch: page, grepInvert: aside, fullyParallel: true, use: inChromium },
    // JsSIP alone, on both sides: where this fails it is the machine, and no real call is tried.
    { name: 'preflight', testMatch: 'specs/rig*.spec.ts', grep: /@preflight/, use: inChromium },
    { name: 'calls', testMatch: 'specs/!(pbx-*).spec.ts', grep: /@gate/, grepInvert: oneFarEnd, ...real, use: inChromium },
    { name: 'pbx', testMatch: 'specs/pbx-*.spec.ts', grep: /@gate/, ...real, use: inChromium },
    { name: 'calls-in-firefox', testMatch: 'specs/*.spec.ts', grep: /@firefox/, grepInvert: /with JsSIP/, ...real, use: { ...inFirefox, farEnds: 'chromium' } },
    // All of it, by `make test-all`.
    { name: 'chromium', testDir: 'specs', testIgnore: ['**/webkit.spec.ts', page], use: inChromium },
    {
      name: 'firefox',
      testDir: 'specs',
      testIgnore: ['**/webkit.spec.ts', ...(everything ? [] : sameInEachBrowser)],
      grepInvert: everything ? undefined : /with JsSIP at the far end|a line that is cut for/,
      use: inFirefox,
    },
    { name: 'webkit', testMatch: 'specs/webkit.spec.ts' },
    ...(process.env.DEMO ? [{ name: 'demo', testDir: 'demo', use: inChromium }] : []),
    // `make soak`: too long for each change.
    ...(process.env.SOAK ? [{ name: 'soak', testDir: 'soak', use: inChromium }] : []),
    // `npm run shots`: pictures to look at, not part of the tests.
    ...(process.env.SHOTS ? [{ name: 'shots', testDir: 'shots-of-every-screen', use: inChromium }] : []),
  ],
});
