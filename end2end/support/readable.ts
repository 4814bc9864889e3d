import type { CDPSession, Page } from '@playwright/test';
import { expect } from './fixtures.ts';

/** A browser's usual text size, in px. */
const USUAL = 16;
/** WCAG 2.2, 1.4.4 Resize Text (200 %) and 1.4.10 Reflow (320 px); 150 % is what many phones are set to. */
const READERS = [
  { width: 390, text: 200 },
  { width: 390, text: 150 },
  { width: 320, text: 100 },
];

/** The folder for pictures of all tested pages, if they should be saved. */
const PICTURES = process.env.PICTURES;

/** One session per page, kept: to end one would also end the virtual passkeys of another. */
const sessions = new WeakMap<Page, CDPSession>();

/** Checks that the page fits a phone with large text, and a small phone: nothing sideways, nothing cut, no broken words. */
export async function expectReadable(page: Page, name = ''): Promise<void> {
  const browser = sessions.get(page) ?? (await page.context().newCDPSession(page));
  sessions.set(page, browser);
  const size = async (text: number) => {
    const standard = Math.round((USUAL * text) / 100);
    await browser.send('Page.setFontSizes', { fontSizes: { standard } });
    // The sizes in rem follow a frame later.
    await page.waitForFunction(isLaidOut, { standard, usual: USUAL });
  };
  for (const { width, text } of READERS) {
    await page.setViewportSize({ width, height: PICTURES ? 2400 : 844 });
    await size(text);
    expect.soft(await page.evaluate(illegible, width), `${name} ${page.url()} at ${width} px with ${text} % text`).toEqual([]);
    if (PICTURES && name) await page.screenshot({ path: `${PICTURES}/${name}-${width}-${text}.png` });
  }
  await size(100);
}

/** Whether the size of the whole page follows the standard one. Runs in the page. */
function isLaidOut({ standard, usual }: { standard: number; usual: number }): boolean {
  const px = (element: Element) => parseFloat(getComputedStyle(element).fontSize);
  const { body } = document;
  body.dataset.usualSize ??= String((px(body) * usual) / px(document.documentElement));
  const expected = (Number(body.dataset.usualSize) * standard) / usual;
  return Math.abs(px(document.documentElement) - standard) < 1 && Math.abs(px(body) - expected) < 1;
}

/** What cannot be read on the page as it is laid out now on a screen of this width, in px. Runs in the page. */
function illegible(screen: number): string[] {
  const found: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > screen) {
    const wide = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > screen + 1);
    found.push(`scrolls sideways: ${wide.map((e) => e.tagName + '.' + e.className).slice(0, 4).join(', ')}`);
  }
  const style = (element: Element) => getComputedStyle(element);
  const isShown = (element: Element) => element.checkVisibility() && !element.closest('.vh, .skip, svg, [popover]:not(:popover-open)');
  for (const element of document.body.querySelectorAll('*')) {
    const clips = ['hidden', 'clip'].includes(style(element).overflowX);
    // A field scrolls by itself.
    if (clips && !element.matches('input, textarea, select') && isShown(element) && element.scrollWidth > element.clientWidth + 1) {
      found.push(`cut: ${element.tagName}.${element.className} ${element.textContent?.trim().slice(0, 40)}`);
    }
  }
  // The longest line of the page, or of the box around a text: a word that is not wider must not be broken.
  const gutter = 2 * parseFloat(style(root).fontSize);
  const lineIn = (box: Element) => {
    const { paddingLeft, paddingRight } = style(box);
    return Math.min(box.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight), screen - gutter);
  };
  const main = document.getElementById('main') ?? document.body;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    if (!node.parentElement || !isShown(node.parentElement)) continue;
    const line = lineIn(node.parentElement.closest('.notice, .errors, .btn') ?? main);
    for (const { 0: word, index } of (node.textContent ?? '').matchAll(/[^\s\u00ad\u200b-]+/g)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const pieces = [...range.getClientRects()].filter((piece) => piece.width > 0);
      const lines = new Set(pieces.map((piece) => Math.round(piece.top)));
      const width = pieces.reduce((sum, piece) => sum + piece.width, 0);
      // With the mark that may follow it.
      if (lines.size > 1 && width <= 0.95 * line) found.push(`broken: ${word}`);
    }
  }
  return found;
}
