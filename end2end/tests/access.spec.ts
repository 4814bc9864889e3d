import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { linkIn } from '../support/mail.ts';
import { activate, invite } from '../support/office.ts';

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
    answers.push(await page.locator('.field .error').innerText());
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
  await expect(strength.getByRole('status')).toContainText('Characters still needed: 10');
  await field.fill('password12345678');
  await expect(strength.getByRole('status')).toContainText('too easy to guess');
  await field.fill('kettle orbit mustard');
  await expect(strength.getByRole('status')).toContainText('Strong');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('.field .error')).toContainText('Enter your current password.');

  await page.goto('/account/sessions');
  await expect(page.getByText('This browser')).toBeVisible();
  await expect(page.getByText(/^Chrome on /).first()).toBeVisible();
  await expectAccessible(page);
});

test('people who forgot a password or a username get the same answer', async ({ page }) => {
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

test('students who forgot their passwords get one-time codes together, on slips to cut out', async ({
  page,
  phone,
  greencap,
  mail,
  signInAsStaff,
}) => {
  const email = 'ottilie.merriweather@post.example';
  await signInAsStaff(page);
  await invite(
    page,
    greencap,
    { number: 'C001', surname: 'Merriweather', forename: 'Ottilie', email },
    { number: 'C002', surname: 'Merriweather', forename: 'Hamish', email: 'hamish.merriweather@post.example' },
  );
  await activate(phone, linkIn(await mail.to(email), '/i/'), 'seven green turtles fly');
  await phone.getByRole('button', { name: 'Sign out' }).click();

  await page.goto('/accounts?q=merriweather');
  await expect(page.locator('html[data-alive]')).toBeAttached();
  for (const name of ['Ottilie', 'Hamish']) {
    await page.getByRole('row').filter({ hasText: name }).getByRole('checkbox').check();
  }
  const bar = page.getByRole('region', { name: 'Actions for the selected students' });
  await bar.getByRole('button', { name: 'Action' }).click();
  await bar.getByRole('button', { name: 'Create one-time codes' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create 1 one-time code?');
  await expect(page.getByText('1 skipped: no active account.')).toBeVisible();
  await expectAccessible(page, 'codes-ask');
  await page.getByRole('button', { name: 'Show 1 to print' }).click();
  await expect(page.getByRole('button', { name: 'Print' })).toBeVisible();
  await expectAccessible(page, 'codes-slips');
  const slip = page.getByRole('listitem').filter({ hasText: 'Ottilie Merriweather' });
  const code = await slip.locator('b.code').innerText();

  await phone.goto('/sign-in');
  await phone.getByLabel('Username or email').fill('o.merriweather');
  await phone.getByLabel('Password', { exact: true }).fill(code);
  await phone.getByRole('button', { name: 'Sign in', exact: true }).click();
  await phone.getByLabel('New password').or(phone.getByLabel('Password', { exact: true })).first().fill('eight blue turtles swim');
  await phone.getByRole('button', { name: /^Save/ }).click();
  await expect(phone).toHaveURL(/\/portal/);
});
