import { availableParallelism } from 'node:os';
import { defineConfig, devices } from '@playwright/test';
import { chromium } from './support/browser.ts';

// Files run in parallel, the tests in a file in order. Each worker has its own server, database and mail server
// (support/fixtures.ts) and, with its browser, uses one core; four of them take about 4 GB.
export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  workers: Math.min(availableParallelism(), 4),
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 120_000,
  // Long, because a machine that builds something else at the same time answers late.
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    actionTimeout: 15_000,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: chromium(),
  },
});
