import { test } from '../support/fixtures.ts';

/** The type of annotation that contains a row. */
export const ROW = 'row';

/** Marks a ratio that is over its bound, as in the server part. */
const OVER = '**over**';

/**
 * Records a row of the report with the 95th percentile of the figures, in the same columns as the server part
 * (server/benches/targets/report.rs).
 */
export function row(what: string, figures: number[], unit: 'ms' | 'kB', target: number): void {
  const sorted = figures.toSorted((a, b) => a - b);
  const figure = sorted.at(Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))) ?? Number.NaN;
  const range = sorted.length > 1 ? `${sorted.at(0)?.toFixed(1)}\u2013${sorted.at(-1)?.toFixed(1)} of ${sorted.length}` : '';
  // NaN is not within its bound either.
  const ratio = (figure / target).toFixed(2) + (figure <= target ? '' : ` ${OVER}`);
  const description =
    `| ${what} | ${figure.toFixed(1)} ${unit} | ${range} | target ${target.toFixed(1)} ${unit} | ${ratio} | 1 |`;
  test.info().annotations.push({ type: ROW, description });
}
