import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { enrol } from '../support/office.ts';

// Changing several accounts with a simulation and an undo, and what is held on a person.

test('accounts are simulated, disabled and enabled again by an undo', async ({ page, greencap, signInAsStaff }) => {
  await enrol(greencap, { number: 'D1', surname: 'Datason', forename: 'Dora' });
  await signInAsStaff(page);
  await page.goto('/accounts?roll=all&q=datason');
  await page.locator('tbody [data-pick]').first().check();
  const bar = page.getByRole('region', { name: 'Actions for the selected students' });
  await bar.getByRole('button', { name: 'Action', exact: true }).click();
  await page.getByRole('button', { name: 'Simulate a change' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What do you want to do with 1 account?');
  await expectAccessible(page, 'accounts-bulk');
  await page.getByLabel('Disable accounts').check();
  await page.getByRole('button', { name: 'Show what changes' }).click();
  await expect(page.getByText('1: no account.')).toBeVisible();
  await expectAccessible(page, 'accounts-simulation');
  await page.goto('/accounts/changes');
  await expectAccessible(page, 'accounts-changes');
});

test('what is held on a person is counted, read and kept for a time', async ({ page, greencap, signInAsStaff }) => {
  await enrol(greencap, { number: 'D2', surname: 'Datason', forename: 'Dino' });
  await signInAsStaff(page, 'quill.admin');
  await page.goto('/data-rights');
  await expectAccessible(page, 'data-rights');
  await page.getByLabel('Admission number, staff code or username').fill('D2');
  await page.getByRole('button', { name: 'Find' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Data held on Dino Datason');
  await expect(page.getByText('They are on the roll.')).toBeVisible();
  await expectAccessible(page, 'data-of-a-person');
  await page.goto('/data-rights/kept');
  await expectAccessible(page, 'data-kept');
  await page.goto('/data-rights/erased');
  await expectAccessible(page, 'data-erased');
});
