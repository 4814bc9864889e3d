import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { chooseFile } from '../support/office.ts';

const FILE = [
  'Admission number,Forename,Surname,Date of birth,Email',
  '990001,Ada,Lovelace,03/04/2012,ada@post.example (mum)',
  '990002,Eve,Moss,05/05/2012,not an address',
  '',
].join('\n');

test('a file that does not show the order of its dates is asked about, and every date is shown', async ({
  page,
  signInAsStaff,
}) => {
  await signInAsStaff(page, 'quill.admin');
  await chooseFile(page, 'dates.csv', FILE);
  await page.getByRole('button', { name: 'Next' }).click();

  const question = page.getByRole('group', { name: 'Is 03/04/2012 the 3rd of April or the 4th of March?' });
  await expect(question).toBeVisible();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(question.getByRole('alert')).toHaveText('Choose how dates are written in this file.');
  await expectAccessible(page, 'import-dates-unanswered');
  // Without its column there is no question.
  await page.getByLabel('Date of birth is matched to').selectOption('Do not import');
  await expect(question).toHaveCount(0);
  await page.getByLabel('Date of birth is matched to').selectOption('Date of birth');
  await question.getByLabel('Month, day, year: 4 March 2012').check();
  await page.getByRole('button', { name: 'Next' }).click();

  await expect(page.getByText('Dates are read as month, day, year: 03/04/2012 is 4 March 2012.')).toBeVisible();
  const ada = page.getByRole('row').filter({ hasText: '990001' });
  await expect(ada).toContainText('Date of birth 4 Mar 2012');
  await expect(ada).toContainText('was read as ada@post.example');
  await expect(page.getByRole('row').filter({ hasText: '990002' })).toContainText('Left out: Email.');
  await expectAccessible(page, 'import-dates');

  // The answer can be changed.
  await page.getByRole('link', { name: 'Back', exact: true }).click();
  await question.getByLabel('Day, month, year: 3 April 2012').check();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(ada).toContainText('Date of birth 3 Apr 2012');
});
