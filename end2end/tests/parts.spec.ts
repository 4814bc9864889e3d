import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';

// What the browser and the loader of the parts report about a failed request.
const NOT_FETCHED = [/ERR_FAILED/, /Failed to fetch/];

test('a page whose part of the program does not come says so, and a button loads it again', async ({ page, expectedMessages, signInAsStaff }) => {
  expectedMessages.push(...NOT_FETCHED);
  await signInAsStaff(page);
  await page.goto('/students');
  await expect(page.locator('html')).toHaveAttribute('data-alive', '');
  await page.route(/split_importing\.wasm/, (route) => route.abort());
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Import' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'This page could not be loaded' })).toBeVisible();
  await expect(page.getByText('Check your internet connection')).toBeVisible();
  await expect(page).toHaveURL(/\/imports$/);
  await expectAccessible(page, 'page-not-fetched');

  await page.unroute(/split_importing\.wasm/);
  await page.getByRole('button', { name: 'Reload page' }).press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Import' })).toBeVisible();
});

test('a first visit without its part keeps what the server wrote, and says that it did not load completely', async ({
  page,
  expectedMessages,
  signInAsStaff,
}) => {
  expectedMessages.push(...NOT_FETCHED);
  await signInAsStaff(page);
  await page.goto('about:blank');
  await page.route(/split_importing\.wasm/, (route) => route.abort());
  await page.goto('/imports');
  const notice = page.getByRole('alert').filter({ hasText: 'This page did not load completely' });
  await expect(notice).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'Import' })).toBeVisible();
  await expectAccessible(page, 'page-incomplete');

  await page.unroute(/split_importing\.wasm/);
  await notice.getByRole('link', { name: 'Reload page' }).press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-alive', '');
  await expect(notice).toHaveCount(0);
});
