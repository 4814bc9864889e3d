import type { Page } from '@playwright/test';

/** Bytes on the wire. */
export interface Weight {
  fonts: number;
  /** WebAssembly, script and style of the office, and the family pages' style. */
  program: number;
  rest: number;
}

/** What a first visit costs in bytes on the wire, as the browser counts them (CDP, Network.loadingFinished). */
export async function weigh(page: Page, path: string, of: 'family' | 'office' = 'family'): Promise<Weight> {
  // What the page before still loads is not this visit's.
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
  // A slow machine is idle between one part and the next: the page says when it is whole.
  if (of === 'office') {
    await page.locator('html[data-alive]').waitFor();
    await page.getByRole('row').nth(1).waitFor();
  }
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => document.fonts.ready);
  return weight;
}
