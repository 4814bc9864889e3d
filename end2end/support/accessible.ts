import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './fixtures.ts';
import { expectReadable } from './readable.ts';

/** WCAG 2.2 AA, and the rules it builds on. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const WIDTHS = [1440, 390];

/** The folder for pictures of all tested pages, if they should be saved. */
const PICTURES = process.env.PICTURES;

/**
 * Checks that the page meets WCAG 2.2 AA in both themes, on a desktop and on a phone, and that it fits the phone; a page
 * for families also with large text and on a small phone.
 */
export async function expectAccessible(page: Page, name = ''): Promise<void> {
  const before = page.viewportSize();
  // A page that a form led to is there before its style sheet is.
  await page.waitForLoadState();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      // Finish transitions from one theme to the other.
      await page.evaluate(() => {
        for (const change of document.getAnimations()) if (change instanceof CSSTransition) change.finish();
      });
      if (PICTURES && name) await page.screenshot({ path: `${PICTURES}/${name}-${width}-${colorScheme}.png` });
      // A sticky bar covers part of what is scrolled below it, so scroll to where it covers nothing.
      const atFoot = await page.locator('.tabbar').isVisible();
      await page.evaluate((end) => window.scrollTo(0, end ? document.documentElement.scrollHeight : 0), atFoot);
      const found = await new AxeBuilder({ page }).withTags(RULES).analyze();
      const problems = found.violations.flatMap(({ id, help, nodes }) =>
        nodes.map((node) => `${id} (${help}) at ${node.target.join(' ')}: ${node.failureSummary}`),
      );
      expect.soft(problems, `${name} ${page.url()} at ${width} px, ${colorScheme}`).toEqual([]);
    }
    // Not against the width of the window: a phone's grows with what does not fit.
    const overflow = (await page.evaluate(() => document.documentElement.scrollWidth)) - width;
    expect.soft(overflow, `${name} ${page.url()} scrolls sideways at ${width} px`).toBeLessThanOrEqual(0);
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  if (await page.locator('body.family').count()) await expectReadable(page, name);
  if (before) await page.setViewportSize(before);
}
