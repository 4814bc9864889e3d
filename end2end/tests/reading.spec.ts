import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { tabTo } from '../support/keyboard.ts';
import { chooseFile } from '../support/office.ts';
import { workbook } from '../support/workbook.ts';

const SPREADSHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Chooses a file on the import page, and goes on to its columns. */
async function choose(page: Page, name: string, mimeType: string, buffer: Buffer): Promise<void> {
  await chooseFile(page, name, buffer, mimeType);
  await page.getByRole('button', { name: 'Next' }).press('Enter');
  await expect(page.getByRole('table', { name: 'Columns in the file' })).toBeVisible();
}

/** Waits for the page of the import that takes the place of this one. */
async function readAgain(page: Page): Promise<void> {
  const before = page.url();
  await tabTo(page, 'button', 'Read it again');
  await page.keyboard.press('Enter');
  await expect(page).not.toHaveURL(before);
  await expect(page.getByRole('table', { name: 'Columns in the file' })).toBeVisible();
}

test('the sheet and the row with the column names are chosen by keyboard', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page);
  const list = (name: string, surname: string) => [
    ['Quillmere School', '', ''],
    ['Adm No', 'Forename', 'Surname'],
    ['990101', name, surname],
    ['Ref', 'Called', 'Family'],
    ['990102', 'Tod', 'Ashdown'],
  ];
  const book = workbook({ About: [['About this file']], '7A': list('Wren', 'Ashdown'), '7B': list('Ada', 'Heron') });
  await choose(page, 'roll.xlsx', SPREADSHEET, book);

  const columns = page.getByRole('table', { name: 'Columns in the file' });
  await expect(page.getByText('Only “7A” was read, not “7B”.')).toBeVisible();
  await expect(page.getByText('The column names are in row 2. Row 1 is not imported.')).toBeVisible();
  await expect(columns).toContainText('Wren');
  await expectAccessible(page, 'import-sheets');

  // The form is open because there is a question; the file is still there, so it is not asked for.
  await expect(page.getByLabel('The same file, once more')).toHaveCount(0);
  const sheet = page.getByLabel('Sheet', { exact: true });
  await tabTo(page, 'combobox', 'Sheet');
  await page.keyboard.type('7B');
  await expect(sheet).toHaveValue('7B');
  await readAgain(page);
  await expect(columns).toContainText('Ada');
  await expect(page.getByText('Only “7A” was read')).toHaveCount(0);

  await page.locator('summary', { hasText: 'Read the file in another way' }).focus();
  await page.keyboard.press('Enter');
  await tabTo(page, 'textbox', 'Row with the column names');
  await page.keyboard.type('4');
  await readAgain(page);
  await expect(page.getByLabel('Called is matched to')).toBeVisible();
  await expect(page.getByText('Choose the column with the admission number.').first()).toBeVisible();
  await expectAccessible(page, 'import-column-missing');
});

test('what was chosen stays when the file is read in another encoding', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page);
  // Windows-1250: "Ref,Křestní,Surname" and names from Czechia.
  const latin = 'Ref,K\xf8estn\xed,Surname\r\n990111,A,Dvo\xf8\xe1k\r\n990112,B,\x8aimek\r\n990113,C,Ku\xe8era\r\n';
  await choose(page, 'roll.csv', 'text/csv', Buffer.from(latin, 'latin1'));
  await expect(page.getByText('Check how the file was read')).toBeVisible();
  await page.getByLabel('Ref is matched to').selectOption('Admission number');
  await page.getByLabel('Křestní is matched to').selectOption('Given name');

  const encoding = page.getByLabel('Encoding of the text');
  await tabTo(page, 'combobox', 'Encoding of the text');
  await encoding.selectOption('windows-1252');
  await readAgain(page);
  await expect(page.getByRole('table', { name: 'Columns in the file' })).toContainText('Dvoøák');
  await expect(page.getByLabel('Ref is matched to')).toHaveValue('admission_number');
  await expect(page.getByText('You had matched “Křestní” (Given name).')).toBeVisible();
  await expect(page.getByText('No column has the given name.')).toBeVisible();
  await expectAccessible(page, 'import-match-lost');

  // Back again, with the choice that was not sent this time either.
  await page.getByLabel(/^K.*is matched to/).selectOption('Given name');
  await encoding.selectOption('windows-1250');
  await readAgain(page);
  await expect(page.getByLabel('Ref is matched to')).toHaveValue('admission_number');
  await expect(page.getByRole('table', { name: 'Columns in the file' })).toContainText('Dvořák');
});

test('a row that is held back is decided by keyboard, and the decision can be undone', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page);
  const header = 'Adm No,Forename,Surname,Date of birth\n';
  await choose(page, 'first.csv', 'text/csv', Buffer.from(`${header}990121,Wren,Ashdown,2012-05-05\n`));
  await page.getByRole('button', { name: 'Next' }).press('Enter');
  await page.getByRole('button', { name: 'Import', exact: true }).press('Enter');
  await expect(page.getByText(/Finished today at/)).toBeVisible();

  await choose(page, 'second.csv', 'text/csv', Buffer.from(`${header}990121,Tod,Heron,2013-06-06\n`));
  await page.getByRole('button', { name: 'Next' }).press('Enter');
  const held = page.getByRole('region', { name: 'Held back' });
  await expect(held).toContainText('1 row waits for your decision.');
  await expect(held).toContainText('belongs to Wren Ashdown');
  await expectAccessible(page, 'import-held');

  const choices = held.getByRole('group', { name: 'Row 2' });
  await tabTo(page, 'button', 'Leave out');
  await page.keyboard.press('Enter');
  await expect(held).toContainText('1 decision taken.');
  await expect(choices).toHaveCount(0);
  await expect(page.getByRole('list', { name: 'What the import would do' })).toBeFocused();
  await tabTo(page, 'button', 'Undo all decisions');
  await page.keyboard.press('Enter');
  await expect(held).toContainText('1 row waits for your decision.');

  await expect(choices.getByRole('button').first()).toBeFocused();
  await choices.getByRole('button', { name: 'A new student' }).focus();
  await page.keyboard.press('Enter');
  await expect(held).toContainText('Your decision waits: Wren Ashdown still has this admission number.');
  await page.getByRole('button', { name: 'Discard' }).press('Enter');
  await expect(page).toHaveURL(/\/imports\?kind=students/);
});

test('after a decision the next row that is held back has the focus, and after the last one the summary', async ({
  page,
  signInAsStaff,
}) => {
  await signInAsStaff(page);
  const header = 'Adm No,Forename,Surname,Date of birth\n';
  const first = `${header}990125,Ivo,Larkin,2012-02-02\n990126,Nell,Larkin,2012-03-03\n`;
  await choose(page, 'first.csv', 'text/csv', Buffer.from(first));
  await page.getByRole('button', { name: 'Next' }).press('Enter');
  await page.getByRole('button', { name: 'Import', exact: true }).press('Enter');
  await expect(page.getByText(/Finished today at/)).toBeVisible();

  const second = `${header}990125,Mila,Frost,2013-06-07\n990126,Sol,Frost,2013-07-08\n`;
  await choose(page, 'second.csv', 'text/csv', Buffer.from(second));
  await page.getByRole('button', { name: 'Next' }).press('Enter');
  const held = page.getByRole('region', { name: 'Held back' });
  await expect(held).toContainText('2 rows wait for your decision.');
  await page.setViewportSize({ width: 1280, height: 500 });
  const [one, two] = [held.getByRole('group', { name: 'Row 2' }), held.getByRole('group', { name: 'Row 3' })];
  await one.getByRole('button', { name: 'Leave out' }).press('Enter');
  await expect(held).toContainText('1 row waits for your decision.');
  await expect(two.getByRole('button').first()).toBeFocused();
  await expect(two.getByRole('button').first()).toBeInViewport();
  await two.getByRole('button', { name: 'Leave out' }).press('Enter');
  await expect(held).toContainText('2 decisions taken.');
  await expect(page.getByRole('list', { name: 'What the import would do' })).toBeFocused();
});
