import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { Greencap } from './greencap.ts';

/** A student on the file of a school's own system. */
export interface Student {
  number: string;
  surname: string;
  forename: string;
  email?: string;
  born?: string;
}

/** A file for an import, as a school's system writes it. */
export function studentsFile(students: Student[]): string {
  const lines = students.map(({ number, surname, forename, email = '', born = '' }) =>
    [number, surname, forename, born, '7', '7Q', email, '2025-09-01'].join(','),
  );
  return [
    'Admission Number,Legal Surname,Legal Forename,Date of Birth,Year Group,Reg,Student Email,Start Date',
    ...lines,
    '',
  ].join('\n');
}

/** Brings students to the roll by command, as a night's transfer does. */
export async function enrol(greencap: Greencap, ...students: Student[]): Promise<void> {
  const file = join(greencap.folder, 'students.csv');
  await writeFile(file, studentsFile(students));
  await greencap.run('import', 'students', file, '--school', 'QUILL');
}

/** A student's row of a table. */
export function rowOf(page: Page, name: string) {
  return page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
}

/** Chooses all whom a search finds, so many, and goes on to their usernames. Those that are named are seen in the lists. */
export async function review(page: Page, search: string, expected: string[], many = expected.length): Promise<void> {
  await page.goto('/accounts/new');
  await expect(page.locator('html[data-alive]')).toBeAttached();
  await page.getByLabel('Name, username or admission number').fill(search);
  for (const name of expected) await expect(rowOf(page, name)).toBeVisible();
  await expect(page.getByText(/students? match/)).toContainText(`${many} `);
  await page.getByRole('button', { name: 'Select all', exact: true }).click();
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  for (const name of expected) await expect(rowOf(page, name)).toBeVisible();
}

/** Saves the usernames that are on the screen. */
export async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('created');
}

/** Sends the invitation codes of the batch that is open. */
export async function send(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Send invitation codes', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('queued');
}

/** Brings students of one surname to the roll, makes their accounts and sends their invitations, at the desk of the office. */
export async function invite(page: Page, greencap: Greencap, ...students: [Student, ...Student[]]): Promise<void> {
  await enrol(greencap, ...students);
  const names = students.map(({ forename, surname }) => `${forename} ${surname}`);
  await review(page, students[0].surname, names);
  await save(page);
  await send(page);
}

/** On the page behind an invitation's link: says who one is and chooses a password. */
export async function activate(page: Page, link: string, password: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('link', { name: 'Yes, this is me' }).click();
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Save and open the portal' }).click();
  await expect(page).toHaveURL(/\/portal/);
}
