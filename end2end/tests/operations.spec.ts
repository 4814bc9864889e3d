import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { tabTo } from '../support/keyboard.ts';
import { enrol, review, rowOf } from '../support/office.ts';

test.describe.configure({ timeout: 240_000 });

/** Too many for a single request. */
const MANY = 2_100;

test('accounts for thousands are made by a job that is followed, left, found again and cancelled', async ({
  page,
  greencap,
  signInAsStaff,
}) => {
  const many = Array.from({ length: MANY }, (_, n) => ({ number: `J${n}`, surname: 'Jobson', forename: `Jo ${n}` }));
  await enrol(greencap, ...many);
  await signInAsStaff(page);

  // The job starts, and waits for other work on the accounts for as long as this test wants.
  const others = await greencap.lockUsernames();
  await review(page, 'jobson', ['Jo 0 Jobson'], MANY);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page).toHaveURL(/\/operations\//);
  const work = page.getByRole('group', { name: 'Progress' });
  await expect(work.getByText('Checking the plan')).toBeVisible();
  await expect(work.getByText('0 of 2,100')).toBeVisible();
  await expectAccessible(page, 'operation-running');

  await page.goto('/accounts/batches');
  await page.getByRole('link', { name: `${MANY} new accounts` }).click();
  await expect(work).toBeVisible();
  await page.reload();
  await expect(page.locator('html[data-alive]')).toBeAttached();
  await tabTo(page, 'button', 'Cancel');
  await page.keyboard.press('Enter');
  await expect(page.getByText('This was cancelled before it finished. Nothing was changed.')).toBeVisible();
  await expectAccessible(page, 'operation-cancelled');
  await others.release();

  await review(page, 'jobson', ['Jo 0 Jobson'], MANY);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Done: 2,100')).toBeVisible({ timeout: 60_000 });
  await expectAccessible(page, 'operation-done');
  await page.getByRole('link', { name: 'Open the batch and send invitations' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${MANY} accounts created`);
  await expect(rowOf(page, 'Jo 0 Jobson')).toBeVisible();
});
