import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { tabTo } from '../support/keyboard.ts';

test('a role is given by keyboard alone, explained, taken again, and all of it is in the audit log', async ({
  page,
  signInAsStaff,
}) => {
  await signInAsStaff(page, 'quill.admin');
  await page.goto('/roles');
  await expectAccessible(page);
  await tabTo(page, 'searchbox', 'Find someone with an account');
  await page.keyboard.type('abernathy');
  await page.keyboard.press('Enter');
  await tabTo(page, 'link', 'Sunita Abernathy');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sunita Abernathy');

  await tabTo(page, 'button', 'Give');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('Choose a role.');
  await expectAccessible(page);
  await tabTo(page, 'combobox', 'Role');
  await page.keyboard.type('Tutor');
  await tabTo(page, 'button', 'Give');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toContainText('Role given.');

  await page.getByRole('link', { name: 'Check permissions' }).click();
  await page.getByLabel('Permission').selectOption('Manage portal access');
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(page.getByText('No, they can’t')).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Permission').selectOption('Preview accounts');
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(page.getByText('Yes, they can')).toBeVisible();

  await page.goBack();
  await page.getByRole('link', { name: 'Roles of this person' }).click();
  await page.getByRole('button', { name: /^Remove Tutor/ }).click();
  await expect(page.getByRole('status')).toContainText('Role removed.');

  await page.goto('/audit');
  await page.getByLabel('What').selectOption('Role removed');
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page.getByRole('row')).toHaveCount(2);
  await expect(page.getByRole('row').nth(1)).toContainText('Sunita Abernathy');
  await expectAccessible(page);
});

test('a role of the school’s own is made of what it allows', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page, 'quill.admin');
  await page.goto('/roles/kinds');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'New role' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert')).toContainText('Enter a name for the role.');
  await page.getByLabel('Name', { exact: true }).fill('Reception');
  await page.getByLabel('Edit contacts').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name: 'Reception' })).toBeVisible();
});
