import type { Page } from '@playwright/test';
import { expect } from '../support/fixtures.ts';

/** Milliseconds after the browser's event. */
interface Frame {
  /** When the document was in its final state. */
  drawn: number;
  /** When the frame that shows it was painted. */
  painted: number;
  shown: string;
}

declare global {
  interface Window {
    benchFrames: Frame[];
  }
}

/**
 * Performs actions on a page. For each, measures the milliseconds from the browser's event to the document that
 * shows the result, and to the end of the frame that paints it. Fails if that frame did not show all of it.
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
        // A frame's callbacks run before it is laid out and painted. A task with the highest priority posted from one
        // runs next, before anything else that waits, such as the key being released.
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
    // Long enough for the frame and anything late. Querying the page earlier would disturb it.
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
