import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';

test('a teaching group is made, filled and changed, and a move is undone', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page, 'quill.manager');
  await page.goto('/groups');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Teaching groups');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Create students' }).click();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Create student accounts in new teaching group' }).click();
  await page.getByRole('button', { name: 'Create group and continue' }).click();
  await expect(page.getByRole('alert')).toContainText('Enter a name.');
  await expectAccessible(page);

  await page.goto('/groups/new');
  await page.getByLabel('Name', { exact: true }).fill('11X Further');
  await page.getByLabel(/^Mathematics Year 1/).check();
  await page.getByLabel(/^Noor Bakker/).check();
  await page.getByRole('button', { name: 'Create group' }).click();
  await expect(page.getByRole('status')).toContainText('Teaching group created.');
  await expect(page.getByText('Mechanics 1, Statistics 1')).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('link', { name: 'Add students' }).click();
  await page.getByLabel('Year', { exact: true }).selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Search' }).last().click();
  await expectAccessible(page);
  await page.getByRole('checkbox').nth(0).check();
  await page.getByRole('checkbox').nth(1).check();
  await page.getByRole('button', { name: 'Add ticked students' }).click();
  await expect(page.getByRole('status')).toContainText('2 students added.');

  await page.getByRole('checkbox').nth(0).check();
  await page.getByLabel('Move ticked students to').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Move', exact: true }).click();
  await expect(page.getByRole('status')).toContainText('1 student moved to another group.');
  await page.getByRole('button', { name: /^Undo: 1 student moved/ }).first().click();
  await expect(page.getByRole('status')).toContainText('Undone.');
  await expect(page.getByRole('checkbox')).toHaveCount(2);
});

test('a course that would add itself is refused with its way', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page, 'quill.manager');
  await page.goto('/courses');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Statistics 1' }).click();
  await page.getByLabel('Mathematics Year 1 (AS)').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert')).toContainText('Statistics 1 adds Mathematics Year 1 (AS) adds Statistics 1');
  await expectAccessible(page);
});

test('a tutor signs in to the own group, and sees nothing of the rest', async ({ page, signInAsStaff, expectedMessages }) => {
  await signInAsStaff(page, 'quill.tutor');
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('My groups');
  await expectAccessible(page);
  await expect(page.getByRole('link', { name: 'Guardians' })).toHaveCount(0);
  await page.getByRole('link', { name: '12A Mathematics' }).click();
  await expect(page.getByText('Noor Bakker').first()).toBeVisible();
  await expectAccessible(page);
  expectedMessages.push(/status of 403/);
  await page.goto('/courses');
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('Courses');
});
