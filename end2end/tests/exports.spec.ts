import { readFile } from 'node:fs/promises';
import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { tabTo } from '../support/keyboard.ts';
import { enrol } from '../support/office.ts';

test.describe.configure({ timeout: 180_000 });

test('some hundreds picked by hand go on after a proof in between, and administrators hear of the file', async ({
  page,
  greencap,
  mail,
  signIn,
  signInAsStaff,
}) => {
  const email = 'petra.alerts@post.example';
  await greencap.administrator('petra.alerts', email, 'marmalade on the harbour wall');

  const many = Array.from({ length: 520 }, (_, n) => ({ number: `X${n}`, surname: 'Exporter', forename: `Eva ${n}` }));
  await enrol(greencap, ...many);
  await greencap.attempt('accounts', 'create', '--school', 'QUILL', '--roll', 'current');

  await signInAsStaff(page, 'quill.manager');
  await page.goto('/accounts?q=exporter');
  await expect(page.locator('html[data-alive]')).toBeAttached();
  await page.getByRole('checkbox', { name: 'Select all students shown' }).check();
  await greencap.letProofsExpire();
  await page.getByText('Export 520 selected').click();
  await page.getByRole('button', { name: 'Export as CSV' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Confirm it’s you');
  await expectAccessible(page, 'prove-export');
  await page.getByLabel('Current password').fill(await greencap.staffPassword());
  const saved = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const lines = (await readFile(await (await saved).path(), 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(521);

  const message = await mail.to(email);
  expect(message.subject).toContain('Security alert');
  expect(message.text).toContain('A list of 520 accounts was exported.');

  await page.context().clearCookies();
  await signIn(page, 'petra.alerts', 'marmalade on the harbour wall');
  // Other tests may have caused alerts before.
  const alerts = /^Audit log \d+ new alerts?$/;
  await expect(page.getByRole('link', { name: alerts })).toBeVisible();
  await expectAccessible(page, 'alerts-count');
  await tabTo(page, 'link', alerts);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /new alerts?/ })).toBeVisible();
  await expect(page.getByRole('table', { name: 'New alerts' })).toContainText('Accounts exported');
  await expectAccessible(page, 'alerts');
  await tabTo(page, 'button', 'Mark as seen');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toHaveText('Marked as seen for you.');
  await expect(page.getByRole('link', { name: 'Audit log', exact: true })).toBeVisible();
  await page.getByLabel('Alerts only').check();
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Accounts exported' })).toBeVisible();
  await expectAccessible(page, 'alerts-alone');
});

test('the limits are set by keyboard, and over them a page says what to do', async ({
  page,
  greencap,
  expectedMessages,
  signInAsStaff,
}) => {
  expectedMessages.push(/status of 429/);
  const some = Array.from({ length: 6 }, (_, n) => ({ number: `L${n}`, surname: 'Limitson', forename: `Lea ${n}` }));
  await enrol(greencap, ...some);
  await greencap.attempt('accounts', 'create', '--school', 'QUILL', '--roll', 'current');
  await signInAsStaff(page, 'quill.admin');
  await page.goto('/settings');
  await page.getByRole('link', { name: 'Exports' }).click();
  await expectAccessible(page, 'exports');
  await tabTo(page, 'textbox', 'Rows one person can export in a day');
  await page.keyboard.type('none');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('Enter a whole number');
  await expectAccessible(page, 'exports-wrong');
  await page.getByLabel(/^Rows one person can export/).fill('5');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status')).toHaveText('Saved.');

  await page.goto('/accounts?roll=all');
  await expect(page.locator('html[data-alive]')).toBeAttached();
  await page.getByText(/^Export all that match/).click();
  await page.getByRole('button', { name: 'Export as CSV' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You have reached a limit');
  await expect(page.getByText(/The daily limit is 5/)).toBeVisible();
  await expectAccessible(page, 'exports-limit');
  await page.goto('/settings/exports');
  await page.getByLabel(/^Rows one person can export/).fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status')).toHaveText('Saved.');
});

test('a file with many waits until a second person approves it', async ({ page, greencap, signInAsStaff }) => {
  await greencap.attempt('accounts', 'create', '--school', 'QUILL', '--roll', 'current');
  const limit = async (many: string) => {
    await signInAsStaff(page, 'quill.admin');
    await page.goto('/settings/exports');
    await page.getByLabel(/^Require approval for exports/).fill(many);
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('status')).toHaveText('Saved.');
    await page.context().clearCookies();
  };
  await limit('10');

  await signInAsStaff(page, 'quill.manager');
  await page.goto('/approvals');
  await expect(page.getByText('No requests')).toBeVisible();
  await expectAccessible(page, 'approvals-none');
  await page.goto('/accounts?roll=all');
  await expect(page.locator('html[data-alive]')).toBeAttached();
  await page.getByText(/^Export all that match/).click();
  await page.getByRole('button', { name: 'Export as Excel' }).click();
  await expect(page.getByRole('status')).toContainText('needs approval');
  const row = page.getByRole('row').nth(1);
  await expect(row).toContainText('Waiting');
  await expect(row.getByRole('button')).toHaveCount(0);
  await expectAccessible(page, 'approvals-own');
  await page.context().clearCookies();

  await signInAsStaff(page, 'quill.admin');
  await page.getByRole('link', { name: /^Approvals/ }).click();
  await expectAccessible(page, 'approvals');
  const what = await row.getByRole('rowheader').innerText();
  await tabTo(page, 'button', `Approve ${what} for Marek Lindqvist`);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toHaveText('Your decision was saved.');
  await expect(row).toContainText('Approved, by');
  await page.context().clearCookies();

  await signInAsStaff(page, 'quill.manager');
  await page.goto('/approvals');
  await expectAccessible(page, 'approvals-approved');
  const saved = page.waitForEvent('download');
  await tabTo(page, 'button', `Download ${what}`);
  await page.keyboard.press('Enter');
  expect((await saved).suggestedFilename()).toMatch(/\.xlsx$/);
  await page.reload();
  await expect(row).toContainText('Done');
  await page.context().clearCookies();
  await limit('');
});
