import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import { ROW } from './report.ts';

/** Prints the rows that benches recorded, and nothing else, to standard output. */
export default class Rows implements Reporter {
  printsToStdio() {
    return true;
  }

  onTestEnd(test: TestCase, { status, annotations, errors }: TestResult) {
    for (const { type, description } of annotations) if (type === ROW) console.log(description);
    for (const error of errors) console.error(`${test.title}: ${error.stack ?? error.message}`);
    if (status === 'skipped') console.error(`${test.title}: skipped`);
  }
}
