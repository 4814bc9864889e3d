import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { times } from './frames.ts';
import { row } from './report.ts';

const STUDENTS = 100_000;

test('a list of 100,000 students', async ({ page, greencap, signInAsStaff }) => {
  const file = join(greencap.folder, 'students.csv');
  await writeFile(file, roll());
  await greencap.run('import', 'students', file, '--school', 'QUILL');
  await signInAsStaff(page);

  await open(page);
  await page.getByLabel('Name, username or admission number').focus();
  const typed = await times(page, 'keydown', async (measured) => {
    for (const words of ['family12 given4', 'given97 family7', 'family99']) {
      for (const letter of words) await measured(() => page.keyboard.press(letter === ' ' ? 'Space' : letter));
      for (const _ of words) await measured(() => page.keyboard.press('Backspace'));
    }
  });
  row('a key in the search of 100,000 students, to the list in the document, p95', typed.map(({ drawn }) => drawn), 'ms', 16);
  row('a key in the search of 100,000 students, to the painted list, p95', typed.map(({ painted }) => painted), 'ms', 16);

  const picked: typeof typed = [];
  for (let run = 0; run < 10; run++) {
    await open(page);
    const click = () => page.getByRole('button', { name: 'Select all', exact: true }).click();
    picked.push(...(await times(page, 'click', async (measured) => measured(click))));
    await expect(page.getByText(/^10\d{4} students selected/)).toBeVisible();
  }
  row('"Select all" of 100,000 students, to the painted marks, p95', picked.map(({ painted }) => painted), 'ms', 50);
});

/**
 * Opens the list of students without an account, and waits until the browser has loaded all of it: until then the
 * page is short.
 */
async function open(page: Page): Promise<void> {
  await page.goto('/accounts/new');
  const table = page.getByRole('table', { name: 'Students without an account' });
  await expect.poll(async () => (await table.boundingBox())?.height ?? 0).toBeGreaterThan(STUDENTS * 10);
}

function roll(): string {
  const lines = ['Admission number,Forename,Surname,Year,Form,Start date,Email'];
  for (let n = 0; n < STUDENTS; n++) {
    const year = 7 + (n % 7);
    const form = `${year}${'ABCD'[n % 4]}`;
    lines.push(`B${n},Given${n % 977},Family${n % 7919},${year},${form},2024-09-01,student${n}@post.example`);
  }
  return lines.join('\n');
}
