import { defineConfig } from '@playwright/test';
import { chromiumArgs } from './support/browser';

/** Each worker starts its own Kamailio and web server (support/fixtures.ts), so files may run side by side. */
export default defineConfig({
  outputDir: process.env.E2E_OUTPUT ?? 'output', // Emptied by each run: runs side by side need one each.
  workers: Number(process.env.E2E_WORKERS ?? 2),
  fullyParallel: false,
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['./support/summary.ts']],
  use: {
    headless: false, // `--headless=new` is given by hand: Playwright would start another binary.
    launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: chromiumArgs },
    locale: 'en-GB',
    actionTimeout: 10_000,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'chromium', testDir: 'specs' },
    // `npm run shots`: pictures to look at, not part of the tests.
    ...(process.env.SHOTS ? [{ name: 'shots', testDir: 'shots-of-every-screen' }] : []),
  ],
});
