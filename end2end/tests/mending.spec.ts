import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { chooseFile } from '../support/office.ts';

/** Forty students with a mistake each: dates that a spreadsheet has spoilt, no number, no address. */
function file(): string {
  const rows = ['Adm No,Forename,Surname,DOB,Email'];
  for (let at = 1; at <= 40; at += 1) {
    const number = at <= 10 ? '' : `9905${String(at).padStart(2, '0')}`;
    const born = at > 10 && at <= 30 ? '07/08' : '2012-05-01';
    const email = at > 30 ? `mender${at}@home` : `mender${at}@home.example`;
    rows.push(`${number},Mender${at},Larkspur,${born},${email}`);
  }
  rows.push('990599,Sound,Larkspur,2012-05-02,sound@home.example');
  return `${rows.join('\r\n')}\r\n`;
}

test('a file with forty mistakes is fixed in the page', async ({ page, signInAsStaff }) => {
  test.slow();
  await signInAsStaff(page);
  await chooseFile(page, 'forty.csv', Buffer.from(file()), 'text/csv');
  await page.getByRole('button', { name: 'Next' }).press('Enter');
  await expect(page.getByRole('table', { name: 'Columns in the file' })).toBeVisible();
  await page.getByRole('button', { name: 'Next' }).click();

  const mend = page.getByRole('region', { name: 'Rows to correct' });
  await expect(mend.getByText('40 rows in this file have a problem.')).toBeVisible();
  await expect(mend.getByRole('heading', { name: 'Date of birth: not a date 20 rows' })).toBeVisible();
  await expectAccessible(page, 'import-mend');

  // The same value in twenty rows, at once.
  await mend.getByLabel('“07/08” stands in 20 rows').fill('2012-08-07');
  await mend.getByRole('button', { name: 'Replace in 20 rows' }).click();
  await expect(mend.getByText('20 rows in this file have a problem.')).toBeVisible();
  await expect(mend.getByText('20 rows corrected here.')).toBeVisible();

  // The others row by row: each opens as fields, under the names of their columns.
  for (let left = 20; left > 0; left -= 1) {
    const row = mend.getByRole('listitem').filter({ hasText: 'Row ' }).first();
    const name = (await row.locator('summary').innerText()).match(/Mender(\d+)/)?.[1] ?? '';
    await row.locator('summary').click();
    if (Number(name) <= 10) {
      await row.getByLabel('Adm No').fill(`9905${name.padStart(2, '0')}`);
    } else {
      await row.getByLabel('Email').fill(`mender${name}@home.example`);
    }
    await row.getByRole('button', { name: 'Correct this row' }).click();
    const said = left === 1 ? 'No row has a problem any more.' : `${left - 1} row${left === 2 ? '' : 's'} in this file`;
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
