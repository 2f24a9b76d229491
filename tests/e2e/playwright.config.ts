import { defineConfig } from '@playwright/test';
import { launchOptions } from './support/browser';

/** What the servers do, in which order messages go and what the rooms show is the same in each browser: it is asked in Chromium. */
const sameInEachBrowser = [
  ...['calls-layout', 'contacts', 'cu-005-cancel-reject', 'dialer', 'do-not-disturb', 'favourites', 'forwarding', 'hands'],
  ...['history', 'identity', 'messages', 'pbx-calls', 'pbx-office', 'pbx-transfer', 'pbx-trunk', 'rig', 'rig-pbx', 'settings', 'touch'],
  ...['transfer', 'transfer-target', 'two-calls', 'voicemail'],
].map((name) => `**/${name}.spec.ts`);
const everything = !!process.env.E2E_EVERYTHING;

/** What `make test` runs: tests that pass each time beside two busy loops (`make flake`). */
const gate = [
  ...['accessibility', 'calls-layout', 'contacts', 'cu-001-sign-in', 'cu-003-answer', 'cu-004-hang-up', 'dialer', 'do-not-disturb'],
  ...['failure', 'history', 'identity', 'languages', 'layout', 'settings'],
].map((name) => `**/${name}.spec.ts`);

/** Each worker starts its own Kamailio and web server (support/fixtures.ts), so files may run side by side. */
export default defineConfig({
  outputDir: process.env.E2E_OUTPUT ?? 'output', // Emptied by each run: runs side by side need one each.
  workers: Number(process.env.E2E_WORKERS ?? 2),
  globalSetup: './support/pulseaudio.ts',
  fullyParallel: false,
  retries: 0,
  retryStrategy: 'isolated', // At the end, and alone.
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
    { name: 'gate', testDir: 'specs', testMatch: gate, retries: 1, use: { launchOptions: launchOptions('chromium') } },
    { name: 'chromium', testDir: 'specs', testIgnore: '**/webkit.spec.ts', use: { launchOptions: launchOptions('chromium') } },
    {
      name: 'firefox',
      testDir: 'specs',
      testIgnore: ['**/webkit.spec.ts', ...(everything ? [] : sameInEachBrowser)],
      grepInvert: everything ? undefined : /with JsSIP at the far end|a line that is cut for/,
      use: { browserName: 'firefox', launchOptions: launchOptions('firefox') },
    },
    { name: 'webkit', testMatch: 'specs/webkit.spec.ts' },
    ...(process.env.DEMO ? [{ name: 'demo', testDir: 'demo', use: { launchOptions: launchOptions('chromium') } }] : []),
    // `make soak`: too long for each change.
    ...(process.env.SOAK ? [{ name: 'soak', testDir: 'soak', use: { launchOptions: launchOptions('chromium') } }] : []),
    // `npm run shots`: pictures to look at, not part of the tests.
    ...(process.env.SHOTS ? [{ name: 'shots', testDir: 'shots-of-every-screen', use: { launchOptions: launchOptions('chromium') } }] : []),
  ],
});
