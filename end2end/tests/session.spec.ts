import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { expectAccessible } from '../support/accessible.ts';
import { chooseFile, enrol, rowOf, studentsFile } from '../support/office.ts';

// Its own server, because sessions end here.
test.use({ post: 'mailbox' });

// Browsers report every answer that is an error.
test.use({ expectedMessages: [/the server responded with a status of (401|409)/] });

const cover = (page: Page) => page.getByRole('alertdialog');

/** The session ends on the server, without the browser noticing. */
async function endSession(context: BrowserContext): Promise<void> {
  await context.clearCookies({ name: 'greencap' });
}

async function typeSchool(page: Page): Promise<void> {
  await page.goto('/settings/schools/new');
  await page.getByLabel('Name', { exact: true }).fill('Hill Top School');
  await page.getByLabel('Short code').fill('HILLTOP');
}

async function expectSchool(page: Page): Promise<void> {
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Hill Top School');
  await expect(page.getByLabel('Short code')).toHaveValue('HILLTOP');
}

test('signing out in one tab covers the others, and the same person uncovers what was typed', async ({
  page,
  context,
  signInAsStaff,
  greencap,
}) => {
  await signInAsStaff(page, 'quill.admin');
  await typeSchool(page);
  const list = await context.newPage();
  await list.goto('/students');
  await expect(list.getByRole('row').nth(1)).toBeVisible();
  const other = await context.newPage();
  await other.goto('/account/sessions');
  await other.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(other).toHaveURL(/said=signed-out/);

  for (const tab of [page, list]) {
    await expect(cover(tab)).toContainText('Your session ended', { timeout: 5000 });
    await expect(tab.getByRole('main')).toBeHidden();
    expect(await tab.title()).toBe('Your session ended');
  }
  await expect(list.getByRole('row')).toHaveCount(0);
  await expectAccessible(page);

  const [signIn] = await Promise.all([context.waitForEvent('page'), cover(page).getByRole('link', { name: 'Sign in' }).click()]);
  await signIn.getByLabel('Username or email').fill('quill.admin');
  await signIn.getByLabel('Password', { exact: true }).fill(await greencap.staffPassword());
  await signIn.getByRole('button', { name: 'Sign in', exact: true }).click();
  // What was typed is in the tab before: this one says so instead of showing an empty copy of it.
  await expect(signIn.getByRole('heading', { level: 1 })).toHaveText('You are signed in');
  await expect(signIn.getByText('Go back to your other tab. You can close this one.')).toBeVisible();
  await expectAccessible(signIn, 'signed-in');
  for (const tab of [page, list]) await expect(cover(tab)).toHaveCount(0, { timeout: 5000 });
  await expectSchool(page);
  await expect(list.getByRole('row').nth(1)).toBeVisible();
});

test('someone else at the desk is named, saves nothing, and can give the desk back', async ({
  page,
  context,
  signIn,
  signInAsStaff,
  greencap,
}) => {
  await signInAsStaff(page, 'quill.admin');
  await typeSchool(page);
  await endSession(context);
  const second = await context.newPage();
  await signIn(second, 'quill.viewer', await greencap.staffPassword());
  await expect(cover(page)).toContainText('is now using this browser', { timeout: 5000 });
  await expect(cover(page)).not.toContainText('Hill Top School');
  await expect(page.getByRole('button', { name: 'Add', exact: true })).toBeHidden();

  const [again] = await Promise.all([
    context.waitForEvent('page'),
    cover(page).getByRole('button', { name: 'Sign in as someone else' }).click(),
  ]);
  await again.getByLabel('Username or email').fill('quill.admin');
  await again.getByLabel('Password', { exact: true }).fill(await greencap.staffPassword());
  await again.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(again).not.toHaveURL(/\/sign-in/);
  await expect(cover(page)).toHaveCount(0, { timeout: 5000 });
  await expectSchool(page);
});

test('without scripts, a form whose session ended stands on its page again', async ({ browser, greencap }) => {
  const context = await browser.newContext({ baseURL: greencap.url, javaScriptEnabled: false, locale: 'en-GB' });
  const page = await context.newPage();
  const signIn = async () => {
    await page.getByLabel('Username or email').fill('quill.admin');
    await page.getByLabel('Password', { exact: true }).fill(await greencap.staffPassword());
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  };
  await page.goto('/sign-in');
  await signIn();
  await typeSchool(page);
  await endSession(context);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText('Your session ended. Nothing was saved yet. Sign in to continue')).toBeVisible();
  await signIn();
  await expect(page.getByText('What you entered is below. Check it, then send it.')).toBeVisible();
  await expectSchool(page);
  await context.close();
});

test('a page warns before it loses what was typed, and not after it was sent', async ({ page, signInAsStaff }) => {
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  await signInAsStaff(page, 'quill.admin');
  await page.goto('/settings/schools/new');
  await page.getByRole('link', { name: 'Students', exact: true }).click();
  await expect(page).toHaveURL(/\/students/);
  expect(asked, 'nothing was typed').toEqual([]);

  await typeSchool(page);
  // Staying is the answer, so the click leads nowhere.
  await page.getByRole('link', { name: 'Students', exact: true }).click({ noWaitAfter: true });
  await expect.poll(() => asked).toEqual(['beforeunload']);
  await expectSchool(page);

  await page.getByLabel('Short code').fill('not a code!');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'There is a problem' })).toBeVisible();
  expect(asked, 'it was sent').toHaveLength(1);
});

test('a reload keeps what was typed in a form, and a new visit starts empty', async ({ page, signInAsStaff }) => {
  page.on('dialog', (dialog) => void dialog.accept());
  await signInAsStaff(page, 'quill.admin');
  await typeSchool(page);
  await page.reload();
  await expectSchool(page);
  await page.goto('/students');
  await page.goto('/settings/schools/new');
  await expect(page.getByLabel('Short code')).toHaveValue('');
});

test('a reload keeps the students and usernames of the wizard', async ({ page, signInAsStaff, greencap }) => {
  await enrol(
    greencap,
    { number: '99001', surname: 'Reloadson', forename: 'Ida' },
    { number: '99002', surname: 'Reloadson', forename: 'Otto' },
  );
  await signInAsStaff(page);
  await page.goto('/accounts/new?q=Reloadson');
  await expect(page.locator('html[data-alive]')).toBeAttached();
  for (const name of ['Ida Reloadson', 'Otto Reloadson']) {
    await rowOf(page, name).getByRole('checkbox').check();
  }
  await expect(page.getByText('2 students selected.')).toBeVisible();
  await page.reload();
  await expect(page.getByText('2 students selected.')).toBeVisible();
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await page.getByLabel('Manual').check();
  await rowOf(page, 'Ida Reloadson').getByRole('textbox').fill('ida.by.hand');
  await page.reload();
  await expect(rowOf(page, 'Ida Reloadson').getByRole('textbox')).toHaveValue('ida.by.hand');
  await expect(rowOf(page, 'Otto Reloadson')).toBeVisible();
});

test('a reload keeps the columns that were matched', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page);
  const file = studentsFile([{ number: '99003', surname: 'Matched', forename: 'Una', email: 'una@example.org' }]);
  await chooseFile(page, 'roll.csv', file);
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await expect(page).toHaveURL(/\/imports\/[0-9a-f-]{36}/);
  const column = page.getByLabel('Reg is matched to');
  await column.selectOption({ index: 0 });
  const chosen = await column.inputValue();
  await page.reload();
  await expect(page.locator('html[data-alive]')).toBeAttached();
  await expect(column).toHaveValue(chosen);
});

test('a file that was chosen outlives its session, and what went wrong meanwhile is not said any more', async ({
  page,
  context,
  signIn,
  signInAsStaff,
  greencap,
}) => {
  await signInAsStaff(page);
  const file = studentsFile([{ number: '99004', surname: 'Chosen', forename: 'Rae', email: 'rae@example.org' }]);
  await chooseFile(page, 'roll.csv', file);
  await endSession(context);
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await expect(cover(page)).toContainText('The chosen file is kept too.', { timeout: 5000 });
  await expect(page.getByText('You are signed out')).toBeAttached();

  await signIn(await context.newPage(), 'quill.manager', await greencap.staffPassword());
  await expect(cover(page)).toHaveCount(0, { timeout: 5000 });
  await expect(page.getByText('You are signed out')).toBeHidden();
  await expect(page.getByText('This file was not imported.')).toHaveCount(0);
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await expect(page).toHaveURL(/\/imports\/[0-9a-f-]{36}/);
});

test('a list that could not be loaded without a session is loaded after signing in again', async ({
  page,
  context,
  signIn,
  signInAsStaff,
  greencap,
}) => {
  await signInAsStaff(page);
  await page.goto('/students');
  await expect(page.locator('html[data-alive]')).toBeAttached();
  await endSession(context);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Import' }).click();
  await expect(cover(page)).toContainText('Your session ended', { timeout: 5000 });
  await expect(page.getByText('You are signed out')).toBeAttached();
  await signIn(await context.newPage(), 'quill.manager', await greencap.staffPassword());
  await expect(cover(page)).toHaveCount(0, { timeout: 10_000 });
  await expect(page.getByText('You are signed out')).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Earlier imports' })).toBeVisible();
});
