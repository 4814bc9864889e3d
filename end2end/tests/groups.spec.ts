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

test('a tutor changes the accounts of the own group with a simulation and an undo', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page, 'quill.tutor');
  await page.goto('/groups');
  await page.getByRole('link', { name: '12A Mathematics' }).click();
  await page.getByRole('button', { name: 'Change accounts' }).click();
  await expect(page.getByText('Tick the students first.')).toBeVisible();
  await page.getByRole('button', { name: 'Change all accounts' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('What do you want to do with');
  await expect(page.getByRole('button', { name: 'Print passwords' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Change teaching groups' })).toHaveCount(0);
  await expectAccessible(page, 'group-accounts');
  await page.getByLabel('Change portal group to \u201cHome page and visits\u201d').check();
  await page.getByRole('button', { name: 'Show what changes' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/^Change \d+ accounts?\?$/);
  await page.getByRole('button', { name: /^Change \d+ accounts?$/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('given the portal group');
  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect(page.getByText('This change was undone')).toBeVisible();
});

test('students of a list move to another group, after a page that names them', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page, 'quill.manager');
  await page.goto('/students?q=bakker');
  await page.getByRole('button', { name: 'Change teaching groups' }).click();
  await expectAccessible(page, 'change-groups');
  await page.getByRole('button', { name: 'Show what changes' }).click();
  await expect(page.getByText('Choose a teaching group.')).toBeVisible();
  await page.getByLabel('Add to').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Show what changes' }).click();
  await expectAccessible(page, 'changed-groups');
  await page.getByRole('button', { name: /^Add \d+ students?$/ }).click();
  await expect(page.getByRole('status')).toContainText('added.');
  await page.getByRole('button', { name: /^Undo/ }).first().click();
  await expect(page.getByRole('status')).toContainText('Undone.');
});

test('staff are selected in their list and their accounts changed together', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page, 'quill.manager');
  await page.goto('/staff');
  await page.getByRole('checkbox').nth(1).check();
  await page.getByRole('checkbox').nth(2).check();
  await expect(page.getByRole('region', { name: 'Actions for the selected staff' })).toContainText('2 selected');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Change accounts' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What do you want to do with 2 accounts?');
  await page.getByRole('button', { name: 'Show what changes' }).click();
  await expect(page.getByRole('link', { name: 'Staff' }).first()).toBeVisible();
});
