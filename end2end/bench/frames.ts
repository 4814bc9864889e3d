import type { Page } from '@playwright/test';
import { expect } from '../support/fixtures.ts';

interface Frame {
  took: number;
  shown: string;
}

declare global {
  interface Window {
    benchFrames: Frame[];
  }
}

/**
 * Does things on a page and takes for each the milliseconds from the browser's event to the end of the frame that shows
 * what it did. Fails if that frame did not yet show all of it.
 */
export async function times(
  page: Page,
  event: 'click' | 'keydown',
  perform: (measured: (act: () => Promise<void>) => Promise<void>) => Promise<void>,
): Promise<number[]> {
  await page.evaluate((kind) => {
    const frames: Frame[] = (window.benchFrames = []);
    const note = (begun: number) => {
      frames.push({ took: performance.now() - begun, shown: document.querySelector('main')?.innerText ?? '' });
    };
    window.addEventListener(
      kind,
      ({ timeStamp }) => {
        // Callbacks of a frame run before it is laid out and painted; a message sent from there is taken up after that.
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => note(timeStamp);
          port2.postMessage(null);
        });
      },
      { capture: true },
    );
  }, event);
  const taken: number[] = [];
  await perform(async (act) => {
    await act();
    // Long enough for the frame, and for whatever should come late. To ask the page before that would be in its way.
    await page.waitForTimeout(200);
    await page.waitForFunction((count) => window.benchFrames.length > count, taken.length);
    const { last, now } = await page.evaluate(() => ({
      last: window.benchFrames.at(-1),
      now: document.querySelector('main')?.innerText,
    }));
    expect(last?.shown, 'the frame shows the result').toBe(now);
    taken.push(last?.took ?? Number.NaN);
  });
  return taken;
}
