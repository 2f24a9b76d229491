import { defineConfig } from '@playwright/test';
import { launchOptions } from './support/browser';

/** What the servers do, in which order messages go and what the rooms show is the same in each browser: it is asked in Chromium. */
const sameInEachBrowser = [
  ...['calls-layout', 'contacts', 'cu-005-cancel-reject', 'dialer', 'do-not-disturb', 'favourites', 'forwarding', 'hands'],
  ...['history', 'identity', 'messages', 'pbx-calls', 'pbx-office', 'pbx-transfer', 'pbx-trunk', 'rig', 'rig-pbx', 'settings', 'touch'],
  ...['transfer', 'transfer-target', 'two-calls', 'voicemail'],
].map((name) => `**/${name}.spec.ts`);
const everything = !!process.env.E2E_EVERYTHING;

/** Each worker starts its own Kamailio and web server (support/fixtures.ts), so files may run side by side. */
export default defineConfig({
  outputDir: process.env.E2E_OUTPUT ?? 'output', // Emptied by each run: runs side by side need one each.
  workers: Number(process.env.E2E_WORKERS ?? 2),
  globalSetup: './support/pulseaudio.ts',
  fullyParallel: false,
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['./support/summary.ts']],
  use: {
    locale: 'en-GB',
    actionTimeout: 10_000,
    screenshot: 'only-on-failure',
    // Takes a third of the time. A film would be a screenshot for each picture in Firefox, which the page has to wait for.
    trace: process.env.E2E_TRACE ? { mode: 'retain-on-failure', screenshots: false } : 'off',
    contextOptions: { reducedMotion: 'reduce' }, // Each picture of a movement is drawn by the processor here.
  },
  projects: [
    { name: 'chromium', testDir: 'specs', testIgnore: '**/webkit.spec.ts', use: { launchOptions: launchOptions('chromium') } },
    {
      name: 'firefox',
      testDir: 'specs',
      testIgnore: ['**/webkit.spec.ts', ...(everything ? [] : sameInEachBrowser)],
      grepInvert: everything ? undefined : /with JsSIP at the far end|a line that is cut for/,
      use: { browserName: 'firefox', launchOptions: launchOptions('firefox') },
    },
    { name: 'webkit', testMatch: 'specs/webkit.spec.ts' },
    // `npm run shots`: pictures to look at, not part of the tests.
    // `make soak`: too long for each change.
    ...(process.env.SOAK ? [{ name: 'soak', testDir: 'soak', use: { launchOptions: launchOptions('chromium') } }] : []),
    ...(process.env.SHOTS ? [{ name: 'shots', testDir: 'shots-of-every-screen', use: { launchOptions: launchOptions('chromium') } }] : []),
  ],
});
