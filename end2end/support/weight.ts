import type { Page } from '@playwright/test';

/** Bytes transferred. */
export interface Weight {
  fonts: number;
  /** The office's WebAssembly, scripts and styles, and the styles of the family pages. */
  program: number;
  rest: number;
}

/** Measures the bytes transferred on a first visit, as the browser counts them (CDP, Network.loadingFinished). */
export async function weigh(page: Page, path: string, of: 'family' | 'office' = 'family'): Promise<Weight> {
  // Ends any loading by the previous page.
  await page.goto('about:blank');
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
  await page.goto(path);
  // A slow machine may be idle between two parts, so wait until the page is interactive.
  if (of === 'office') {
    await page.locator('html[data-alive]').waitFor();
    await page.getByRole('row').nth(1).waitFor();
  }
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => document.fonts.ready);
  return weight;
}
