import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';

test('the sign-in page is accessible and loads no program of the office', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto('/sign-in');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
  expect(asked.filter((path) => path.endsWith('.wasm'))).toEqual([]);
  await expectAccessible(page);
});

test('staff sign in to the office and out again', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page, 'quill.admin');
  await expect(page.getByRole('banner').getByText('Quillmere School')).toBeVisible();
});

test('a wrong password gives one answer, for a name that exists and for one that does not', async ({
  page,
  expectedMessages,
}) => {
  expectedMessages.push(/status of 4\d\d/);
  const answers = [];
  for (const username of ['quill.admin', 'nobody.here']) {
    await page.goto('/sign-in');
    await page.getByLabel('Username or email').fill(username);
    await page.getByLabel('Password', { exact: true }).fill('not the password at all');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    answers.push(await page.getByRole('alert').innerText());
    await expectAccessible(page);
  }
  expect(answers[0]).toBe(answers[1]);
});

test('a new password is judged while it is typed, and the pages around it are accessible', async ({
  page,
  signInAsStaff,
}) => {
  await signInAsStaff(page, 'quill.viewer');
  await page.goto('/account/password');
  await expectAccessible(page);
  const field = page.getByLabel('New password');
  const strength = page.locator('.strength');
  await expect(strength).toBeHidden();
  await field.fill('quill');
  await expect(strength.getByRole('status')).toContainText('Characters still missing: 10');
  await field.fill('password12345678');
  await expect(strength.getByRole('status')).toContainText('lists that attackers try first');
  await field.fill('kettle orbit mustard');
  await expect(strength.getByRole('status')).toContainText('Strong');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert')).toContainText('Enter your present password.');

  await page.goto('/account/sessions');
  await expect(page.getByText('This browser')).toBeVisible();
  await expect(page.getByText(/^Chrome on /).first()).toBeVisible();
  await expectAccessible(page);
});

test('whoever forgot a password or a username gets one answer', async ({ page }) => {
  for (const what of ['password', 'username']) {
    await page.goto('/sign-in');
    await page.getByRole('link', { name: `Forgotten your ${what}?` }).click();
    await expectAccessible(page);
    await page.getByLabel(/Email|Username or email/).fill('nobody@example.org');
    await page.getByRole('button', { name: /^Send me/ }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Check your email');
    await expectAccessible(page);
  }
});
