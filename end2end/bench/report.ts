import { test } from '../support/fixtures.ts';

/** The kind of annotation that carries a row. */
export const ROW = 'row';

/** What stands beside a ratio that is over its bound: as in the server's half. */
const OVER = '**over**';

/** Notes a row of the report with the 95th percentile of the figures, in the columns of the server's half (server/benches/targets/report.rs). */
export function row(what: string, figures: number[], unit: 'ms' | 'kB', target: number): void {
  const sorted = figures.toSorted((a, b) => a - b);
  const figure = sorted.at(Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))) ?? Number.NaN;
  const range = sorted.length > 1 ? `${sorted.at(0)?.toFixed(1)}\u2013${sorted.at(-1)?.toFixed(1)} of ${sorted.length}` : '';
  // A figure that is none is not within its bound either.
  const ratio = (figure / target).toFixed(2) + (figure <= target ? '' : ` ${OVER}`);
  const description =
    `| ${what} | ${figure.toFixed(1)} ${unit} | ${range} | target ${target.toFixed(1)} ${unit} | ${ratio} | 1 |`;
  test.info().annotations.push({ type: ROW, description });
}
