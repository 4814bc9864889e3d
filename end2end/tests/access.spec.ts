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
