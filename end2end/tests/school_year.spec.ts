import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';

// The school year as the office sees it: what happens tomorrow, holding it, the periods, and what a rollover does.

// Elsewhere, other files have added students: thousands are rolled over by a job, whose page this test does not know.
test.use({ apart: 'school year' });

test('the office sees what happens tomorrow, holds it and releases it', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page, 'quill.admin');
  await page.goto('/school-year/nightly');
  await expect(page.getByRole('heading', { name: 'What happens tomorrow' })).toBeVisible();
  await expectAccessible(page, 'nightly');
  await page.getByRole('button', { name: 'Hold for a night' }).click();
  await expect(page.getByText('Held until')).toBeVisible();
  await expectAccessible(page, 'nightly-held');
  await page.getByRole('button', { name: 'Release' }).click();
  await expect(page.getByText('Released.')).toBeVisible();
  await page.getByLabel('Until, this day included').fill('2020-01-01');
  await page.getByRole('button', { name: 'Hold until this day' }).click();
  await expect(page.getByRole('link', { name: /This day has passed/ })).toBeVisible();
  await expectAccessible(page, 'nightly-wrong');
});

test('the periods and the rollover are shown before anything changes', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page, 'quill.admin');
  await page.goto('/settings/school-year');
  await expect(page.getByLabel('Days before the first day on roll that an account opens')).toHaveValue('14');
  await expectAccessible(page, 'school-year-settings');
  await page.goto('/school-year');
  await expectAccessible(page, 'school-year');
  await page.getByRole('link', { name: /See what a rollover does|Roll over/ }).first().click();
  await expect(page.getByRole('heading', { name: 'Who moves up, who leaves' })).toBeVisible();
  await expectAccessible(page, 'rollover');
  await page.getByRole('combobox').first().selectOption({ label: 'Stay' });
  await page.getByRole('button', { name: 'Simulate again' }).click();
  await expect(page.getByRole('combobox').first()).toHaveValue('stays');
});

test('a year is rolled over, and that is undone', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page, 'quill.admin');
  // The demonstration school stands in a year that has not ended.
  await page.goto('/groups/years');
  await page.getByLabel('Name', { exact: true }).fill('2025/26');
  await page.getByLabel('First day').fill('2025-09-01');
  await page.getByLabel('Last day').fill('2026-08-31');
  await page.locator('main form').getByRole('button').last().click();
  await page.goto('/school-year');
  const rollOver = page.getByRole('link', { name: /^Roll over/ }).first();
  const year = (await rollOver.getAttribute('aria-label'))?.replace('Roll over: ', '') ?? '';
  await rollOver.click();
  await page.getByRole('button', { name: `Roll over ${year}` }).click();
  await expect(page.getByText('Rolled over.')).toBeVisible();
  await expectAccessible(page, 'school-year-rolled-over');
  await page.goto(`/school-year/rollover?year=${year}`);
  await expect(page.getByText('A year is rolled over once')).toBeVisible();
  await page.goto('/school-year');
  await page.getByRole('button', { name: `Undo the rollover of ${year}` }).click();
  await expect(page.getByText(/^Undone/).first()).toBeVisible();
  await expect(page.getByRole('link', { name: `Roll over: ${year}` })).toBeVisible();
});
