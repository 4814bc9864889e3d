import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { Greencap } from './greencap.ts';

/** A student in a file from a school's system. */
export interface Student {
  number: string;
  surname: string;
  forename: string;
  email?: string;
  born?: string;
}

/** A file to import, as a school's system writes it. */
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

/** Opens the import page and chooses a file there. */
export async function chooseFile(page: Page, name: string, content: string | Buffer, mimeType = 'text/csv'): Promise<void> {
  await page.goto('/imports');
  await expect(page.locator('html[data-alive]')).toBeAttached();
  await page.getByLabel('File with students').setInputFiles({ name, mimeType, buffer: Buffer.from(content) });
}

/** Adds students to the roll with a command, like a nightly import. */
export async function enrol(greencap: Greencap, ...students: Student[]): Promise<void> {
  const file = join(greencap.folder, 'students.csv');
  await writeFile(file, studentsFile(students));
  await greencap.run('import', 'students', file, '--school', 'QUILL');
}

/** A student's row in a table. */
export function rowOf(page: Page, name: string) {
  return page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
}

/**
 * Selects all students that a search finds, checking their number, and continues to their usernames. The named
 * students must be in the lists.
 */
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

/** Saves the usernames on the screen. */
export async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('created');
}

/** Sends the invitation codes of the open batch. */
export async function send(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Send invitation codes', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('queued');
}

/**
 * Adds students with one surname to the roll, creates their accounts and sends their invitations, on the office
 * pages.
 */
export async function invite(page: Page, greencap: Greencap, ...students: [Student, ...Student[]]): Promise<void> {
  await enrol(greencap, ...students);
  const names = students.map(({ forename, surname }) => `${forename} ${surname}`);
  await review(page, students[0].surname, names);
  await save(page);
  await send(page);
}

/** Confirms the name on an invitation's page and chooses a password. Staff arrive in the office, others in the portal. */
export async function activate(page: Page, link: string, password: string, arrives = /\/portal/): Promise<void> {
  await page.goto(link);
  await page.getByRole('link', { name: 'Yes, this is me' }).click();
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: /^Save and (open the portal|continue)$/ }).click();
  await expect(page).toHaveURL(arrives);
}
