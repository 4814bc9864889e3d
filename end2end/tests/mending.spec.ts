import { readFile } from 'node:fs/promises';
import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { chooseFile } from '../support/office.ts';

const columns = ['Adm No', 'Forename', 'Surname', 'Middle name', 'Preferred name', 'DOB', 'Email', 'Phone', 'Language', 'Year group', 'Reg group', 'Start date', 'End date'];
const long = 'x'.repeat(150);
/** Forty mistakes, no two alike: the column, what stands there, and what is right. */
const mistakes: [string, string, string][] = [
  ['Adm No', '', '990600'],
  ['Adm No', '4.47E+11', '990601'],
  ['Adm No', '03-Apr', '990602'],
  ['Adm No', '#REF!', '990603'],
  ['Surname', long, 'Larkspur'],
  ['Middle name', long, 'Joy'],
  ['Preferred name', long, 'Mendy'],
  ['DOB', '07/08', '2012-08-07'],
  ['DOB', 'soon', '2012-05-01'],
  ['DOB', '31/02/2012', '2012-02-29'],
  ['DOB', '2099-01-01', '2012-01-01'],
  ['DOB', '1850-01-01', '2012-01-02'],
  ['DOB', '####', '2012-01-03'],
  ['DOB', '#VALUE!', ''],
  ['Email', 'mender@home', 'mender14@home.example'],
  ['Email', 'a@home.example, b@home.example', 'a@home.example'],
  ['Email', 'a b@home.example', 'ab@home.example'],
  ['Email', '#NAME?', 'mender17@home.example'],
  ['Email', 'home.example', 'mender18@home.example'],
  ['Email', 'a@@home.example', 'mender19@home.example'],
  ['Email', 'Ask at home', ''],
  ['Phone', 'O7900 900112', '07900 900112'],
  ['Phone', '7.9E+09', '07900 900113'],
  ['Phone', '12345', '07900 900114'],
  ['Phone', '####', '07900 900115'],
  ['Phone', 'ask mum', ''],
  ['Phone', '07700 900118 / 020 7946 0018', '07700 900118'],
  ['Phone', '####### ext', '07900 900116'],
  ['Language', 'Klingon', 'pl'],
  ['Language', '12', ''],
  ['Year group', '03-Apr', '9'],
  ['Year group', long, '9'],
  ['Year group', '#DIV/0!', '9'],
  ['Reg group', '03/04/2026', '9C'],
  ['Reg group', '#REF!', '9C'],
  ['Start date', 'soon', '2026-09-01'],
  ['Start date', '31/11/2026', '2026-11-30'],
  ['Start date', '#REF!', ''],
  ['End date', 'later', ''],
  ['End date', '2025-01-01', '2027-01-01'],
];

/** A row for each mistake, and one without. */
function file(): string {
  const rows = mistakes.map(([wrong, value], at) => {
    const right = new Map([['Adm No', `9906${String(at).padStart(2, '0')}`], ['Forename', `Mender${at}`], ['Surname', 'Larkspur']]);
    if (wrong === 'End date') right.set('Start date', '2026-01-01');
    return columns.map((column) => `"${column === wrong ? value : (right.get(column) ?? '')}"`).join(',');
  });
  return [columns.join(','), ...rows, `"990699","Sound","Larkspur"${',""'.repeat(10)}`, ''].join('\r\n');
}

test('a file with forty different mistakes goes back to its sender, and is fixed in the page', async ({ page, signInAsStaff }) => {
  test.setTimeout(300_000);
  await signInAsStaff(page);
  await chooseFile(page, 'forty.csv', Buffer.from(file()), 'text/csv');
  await page.getByRole('button', { name: 'Next' }).press('Enter');
  await expect(page.getByRole('table', { name: 'Columns in the file' })).toBeVisible();
  await page.getByRole('button', { name: 'Next' }).click();

  const mend = page.getByRole('region', { name: 'Rows to correct' });
  await expect(mend.getByText('40 rows in this file have a problem.')).toBeVisible();
  await expectAccessible(page, 'import-mend');

  // The sender gets the file's own columns, just these rows as they were, and why.
  const sheet = page.waitForEvent('download');
  await mend.getByRole('button', { name: 'These rows as CSV' }).click();
  const sent = (await readFile(await (await sheet).path(), 'utf8')).trim().split(/\r?\n/);
  expect(sent[0]).toBe(`${columns.join(',')},What to correct (from Greencap)`);
  expect(sent).toHaveLength(41);
  expect(sent[29]).toMatch(/^990628,Mender28,Larkspur,,,,,,Klingon,,,,,.*Klingon.* was not recognised/);

  // Each opens as fields, under the names of their columns.
  for (const [at, [wrong, , right]] of mistakes.entries()) {
    const row = mend.getByRole('listitem').filter({ hasText: `Row ${at + 2}.` });
    await row.locator('summary').click();
    await row.getByLabel(wrong, { exact: true }).fill(right);
    await row.getByRole('button', { name: `Correct this row (${at + 2})` }).click();
    const left = mistakes.length - at - 1;
    const said = left === 0 ? 'No row has a problem any more.' : `${left} row${left === 1 ? '' : 's'} in this file`;
    await expect(mend.getByText(said)).toBeVisible();
  }
  await expect(page.getByText('41 added = 41 rows')).toBeVisible();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText(/Finished today at/)).toBeVisible();
  await expect(page.getByText('Date of birth was corrected here. The file has “07/08”.').first()).toBeVisible();

  await page.getByRole('button', { name: 'Undo this import' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo this import' }).click();
  await expect(page.getByText('This import was undone')).toBeVisible();
});

test('one mistake in many rows is corrected at once', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page);
  const rows = Array.from({ length: 12 }, (_, at) => `9907${at + 10},Mender${at},Larkspur,07/08`);
  await chooseFile(page, 'twelve.csv', Buffer.from(['Adm No,Forename,Surname,DOB', ...rows, ''].join('\r\n')), 'text/csv');
  await page.getByRole('button', { name: 'Next' }).press('Enter');
  await page.getByRole('button', { name: 'Next' }).click();
  const mend = page.getByRole('region', { name: 'Rows to correct' });
  await expect(mend.getByRole('heading', { name: 'Date of birth: not a date 12 rows' })).toBeVisible();
  await mend.getByLabel('“07/08” stands in 12 rows').fill('2012-08-07');
  await mend.getByRole('button', { name: 'Replace in 12 rows' }).click();
  await expect(mend.getByText('12 rows corrected here.')).toBeVisible();
  await expect(page.getByText('12 added = 12 rows')).toBeVisible();
});

test('cells that were pasted are checked like a file', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page);
  await page.goto('/imports');
  await expect(page.locator('html[data-alive]')).toBeAttached();
  await page.locator('summary', { hasText: 'Paste cells from a spreadsheet instead' }).click();
  await page.getByLabel('Cells with students').fill('Adm No\tForename\tSurname\n0990601\tPasted\tLarkspur\n');
  await page.getByRole('button', { name: 'Read these cells' }).click();
  await expect(page.getByText(/^Pasted on /)).toBeVisible();
  await expect(page.getByRole('table', { name: 'Columns in the file' })).toContainText('0990601');
});
