import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';

/** What a first visit costs in bytes on the wire, as the browser counts them (CDP, Network.loadingFinished). */
async function weigh(page: Page, visit: () => Promise<void>) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const urls = new Map<string, string>();
  const weight = { fonts: 0, program: 0, rest: 0 };
  session.on('Network.responseReceived', ({ requestId, response }) => urls.set(requestId, response.url));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const url = new URL(urls.get(requestId) ?? 'about:blank');
    const kind = url.pathname.endsWith('.woff2') ? 'fonts' : url.pathname.startsWith('/pkg/') ? 'program' : 'rest';
    weight[kind] += encodedDataLength;
  });
  await visit();
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => document.fonts.ready);
  return weight;
}

test('a first visit to the sign-in page costs at most 40 kB and 60 kB of fonts', async ({ page }) => {
  const weight = await weigh(page, async () => {
    await page.goto('/sign-in');
  });
  expect(weight.rest).toBeGreaterThan(0);
  expect(weight.program + weight.rest).toBeLessThanOrEqual(40_000);
  expect(weight.fonts).toBeGreaterThan(0);
  expect(weight.fonts).toBeLessThanOrEqual(60_000);
});

for (const address of ['/accounts', '/students']) {
  test(`a first visit to ${address} costs at most 500 kB, fonts and the school's own roll included`, async ({
    page,
    signInAsStaff,
  }) => {
    await signInAsStaff(page);
    const weight = await weigh(page, async () => {
      await page.goto(address);
    });
    expect(weight.program).toBeGreaterThan(0);
    expect(weight.program + weight.fonts + weight.rest).toBeLessThanOrEqual(500_000);
  });
}
