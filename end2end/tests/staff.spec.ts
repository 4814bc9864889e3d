import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { linkIn } from '../support/mail.ts';
import { activate } from '../support/office.ts';

const FILE = [
  'Stammkürzel,Forename,Surname,Email,Role',
  'WHI,Ines,Whitlow,ines.whitlow@post.example,Administrator',
  'WAR,Otis,Warrender,otis.warrender@post.example,Teacher',
  ',Nobody,,,',
  '',
].join('\n');

test('a list of staff is imported, found, and undone, and gives nobody a role', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page, 'quill.admin');
  await page.goto('/staff');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Staff');
  // Colleagues who have a role, though no list of staff was imported.
  const colleague = page.getByRole('row').filter({ hasText: 'Sunita Abernathy' });
  await expect(colleague).toContainText('quill.viewer');
  await expectAccessible(page, 'staff-colleagues');
  await page.getByRole('link', { name: 'Import staff' }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Import staff');
  await expect(page.locator('html[data-alive]')).toBeAttached();
  await expectAccessible(page, 'import-staff');

  const send = async () => {
    await page
      .getByLabel('File with staff')
      .setInputFiles({ name: 'staff.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE) });
    await page.getByRole('button', { name: 'Next' }).click();
    await expect(page.getByRole('table', { name: 'Columns in the file' })).toBeVisible();
  };
  await send();
  await expect(page.getByText('Choose the column with the staff code').first()).toBeVisible();
  await page.getByLabel('Stammkürzel is matched to').selectOption('Staff code');
  await expect(page.getByText('May hold passwords, rights or ID numbers')).toBeVisible();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('2 members of staff will be added. 1 row is rejected')).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'Staff code' })).toBeVisible();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText(/Finished today at/)).toBeVisible();
  await expectAccessible(page, 'import-staff-result');
  const imported = page.url();

  await page.getByRole('link', { name: 'See staff' }).click();
  const row = page.getByRole('row').filter({ hasText: 'Ines Whitlow' });
  await expect(row).toContainText('WHI');
  await expectAccessible(page, 'staff');
  await page.getByLabel('Name, staff code or username').fill('war');
  await page.getByRole('button', { name: 'Search', exact: true }).last().click();
  await expect(page.getByRole('row').filter({ hasText: 'Otis Warrender' })).toBeVisible();
  await expect(row).toHaveCount(0);
  await page.goto('/roles');
  await expect(page.getByText('Whitlow')).toHaveCount(0);

  // The column that was chosen by hand is remembered for this kind of list, and not for the other.
  await page.goto('/imports?kind=staff');
  await expect(page.locator('html[data-alive]')).toBeAttached();
  await send();
  await expect(page.getByLabel('Stammkürzel is matched to')).toHaveValue('staff_code');
  await expect(page.getByRole('row').filter({ hasText: 'Stammkürzel' })).toContainText('As in your last import');

  await page.goto(imported);
  await expect(page.locator('html[data-alive]')).toBeAttached();
  await page.getByRole('button', { name: 'Undo this import' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo this import' }).click();
  await expect(page.getByText('This import was undone')).toBeVisible();
  await page.goto('/staff');
  await expect(colleague).toBeVisible();
  await expect(row).toHaveCount(0);
});

test('a member of staff who was imported gets an account, a role and an invitation', async ({
  page,
  phone,
  greencap,
  mail,
  signInAsStaff,
}) => {
  const email = 'marguerite.holloway@post.example';
  const file = join(greencap.folder, 'staff.csv');
  await writeFile(file, `Staff code,Forename,Surname,Email\nHOL,Marguerite,Holloway,${email}\n`);
  await greencap.run('import', 'staff', file, '--school', 'QUILL');
  await signInAsStaff(page, 'quill.admin');
  await page.goto('/staff?q=holloway');
  await page.getByRole('link', { name: 'Marguerite Holloway' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Marguerite Holloway');
  await expectAccessible(page, 'staff-member');
  await page.getByRole('textbox', { name: 'Username' }).fill('m holloway');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('alert')).toContainText('There is a problem');
  await expectAccessible(page, 'staff-member-wrong');
  await page.getByRole('textbox', { name: 'Username' }).fill('m.holloway');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('status')).toHaveText('Account created.');

  // An invitation that was sent before the role would end with it.
  await page.getByRole('link', { name: 'Give or remove roles' }).click();
  await page.getByLabel('Role', { exact: true }).selectOption('Office viewer');
  await page.getByRole('button', { name: 'Give', exact: true }).click();
  await expect(page.getByRole('status')).toContainText('Role given.');
  await page.goto('/staff?q=holloway');
  await page.getByRole('link', { name: 'Marguerite Holloway' }).click();
  await page.getByRole('button', { name: 'Send invitation code email' }).click();
  await expect(page.getByRole('status')).toHaveText('Invitation code queued.');
  await expectAccessible(page, 'staff-member-invited');

  await activate(phone, linkIn(await mail.to(email), '/i/'), 'seven green turtles fly', /\/accounts/);
  await phone.goto('/students');
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText('Students');
});
