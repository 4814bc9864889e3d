import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { chooseFile } from '../support/office.ts';

const FILE = [
  'Adm No,Forename,Surname,Email,Email,Password,Status',
  '990001,Wren,Ashdown,wren@one.example,wren@two.example,hunter2,Boarder',
  '990002,Tod,Ashdown,tod@one.example,tod@two.example,hunter3,Leaver',
  '',
].join('\n');

test('what the columns of a file leave open is chosen before the rows are checked', async ({
  page,
  expectedMessages,
  signInAsStaff,
}) => {
  // The page asks before it goes on.
  expectedMessages.push(/status of 422/);
  await signInAsStaff(page);
  await chooseFile(page, 'roll.csv', FILE);
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByRole('table', { name: 'Columns in the file' })).toBeVisible();
  await expect(page.getByText('Left out: Password.')).toBeVisible();
  await expectAccessible(page, 'import-columns-open');

  const emails = page.getByLabel('Email is matched to');
  await expect(emails.first()).toHaveValue('?');
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('Choose the one to import').first()).toBeVisible();
  await emails.last().selectOption('Email');
  await expect(emails.first()).toHaveValue('');

  await page.getByLabel('Boarder (1 row)').selectOption('Current student');
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('1 student will be added.')).toBeVisible();
  await page.getByRole('button', { name: 'Discard' }).click();
});
