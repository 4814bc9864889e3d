import { defineConfig } from '@playwright/test';
import tests from '../playwright.config.ts';
import { chromium } from '../support/browser.ts';

const { executablePath, args } = chromium();

/** `./dev bench`, the browser's half. It prints the rows of a table, and what went wrong to standard error. */
export default defineConfig({
  ...tests,
  testDir: '.',
  testMatch: '*.bench.ts',
  // Nothing else is to run while something is measured.
  workers: 1,
  outputDir: '../test-results',
  timeout: 300_000,
  reporter: [['./rows.ts']],
  use: {
    ...tests.use,
    trace: 'off',
    // A frame is drawn when it is ready, not at the next beat of a screen: the time until then is the program's own.
    launchOptions: { executablePath, args: [...args, '--disable-gpu-vsync', '--disable-frame-rate-limit'] },
  },
});
