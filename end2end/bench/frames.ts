import type { Page } from '@playwright/test';
import { expect } from '../support/fixtures.ts';

/** Milliseconds from the browser's event. */
interface Frame {
  /** Until the document is as it will be shown. */
  drawn: number;
  /** Until the frame that shows it is painted. */
  painted: number;
  shown: string;
}

declare global {
  interface Window {
    benchFrames: Frame[];
  }
}

/**
 * Does things on a page and takes for each the milliseconds from the browser's event to the document that shows what it
 * did, and to the end of the frame that paints it. Fails if that frame did not yet show all of it.
 */
export async function times(
  page: Page,
  event: 'click' | 'keydown',
  perform: (measured: (act: () => Promise<void>) => Promise<void>) => Promise<void>,
): Promise<Pick<Frame, 'drawn' | 'painted'>[]> {
  await page.evaluate((kind) => {
    const frames: Frame[] = (window.benchFrames = []);
    const note = (drawn: number, painted: number) => {
      frames.push({ drawn, painted, shown: document.querySelector('main')?.innerText ?? '' });
    };
    window.addEventListener(
      kind,
      ({ timeStamp }) => {
        // Callbacks of a frame run before it is laid out and painted. A task of the highest priority that is posted from
        // there comes next: before whatever else waits, such as the key that is let go.
        requestAnimationFrame(() => {
          const drawn = performance.now() - timeStamp;
          scheduler.postTask(() => note(drawn, performance.now() - timeStamp), { priority: 'user-blocking' });
        });
      },
      { capture: true },
    );
  }, event);
  const taken: Pick<Frame, 'drawn' | 'painted'>[] = [];
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
    taken.push({ drawn: last?.drawn ?? Number.NaN, painted: last?.painted ?? Number.NaN });
  });
  return taken;
}
