import { defineConfig } from '@playwright/test';
import tests from '../playwright.config.ts';
import { chromium } from '../support/browser.ts';

const { executablePath, args } = chromium();

/** The browser part of `./dev bench`. Prints the rows of a table, and errors to standard error. */
export default defineConfig({
  ...tests,
  testDir: '.',
  testMatch: '*.bench.ts',
  // Nothing else should run during a measurement.
  workers: 1,
  outputDir: '../test-results',
  timeout: 300_000,
  reporter: [['./rows.ts']],
  use: {
    ...tests.use,
    trace: 'off',
    // A frame is drawn when it is ready rather than at the screen's next refresh, so that only the program's own time
    // counts.
    launchOptions: { executablePath, args: [...args, '--disable-gpu-vsync', '--disable-frame-rate-limit'] },
  },
});
