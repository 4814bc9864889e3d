import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { appCode, Device } from '../support/factors.ts';
import { expect, test } from '../support/fixtures.ts';
import { tabTo } from '../support/keyboard.ts';
import { linkIn } from '../support/mail.ts';
import { activate, enrol, invite, review, rowOf, save } from '../support/office.ts';

const PASSWORD = 'marmalade on the harbour wall';

/** Signs in with the password. */
async function password(page: Page, username: string): Promise<void> {
  await page.context().clearCookies();
  await page.goto('/sign-in');
  await page.getByLabel('Username or email').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function expectOffice(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/accounts/);
}

test('staff set up an authenticator app and sign in with its codes, and with a recovery code without it', async ({
  page,
  greencap,
  mail,
  signIn,
}) => {
  const email = 'petra.app@post.example';
  await greencap.administrator('petra.app', email, PASSWORD);
  await signIn(page, 'petra.app', PASSWORD);
  await page.goto('/account/security');
  await expect(page.getByText(/^Staff must have an extra check\. Set one up before/)).toBeVisible();
  await expectAccessible(page, 'security-none');
  await page.getByRole('link', { name: 'Set up: Authenticator app' }).click();
  await expect(page.getByRole('img', { name: 'QR code for your authenticator app' })).toBeVisible();
  await expectAccessible(page, 'security-app');
  const secret = await page.locator('.code').innerText();
  await page.getByLabel('Enter the 6-digit code from the app').fill('000000');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('.field .error')).toContainText('This code is wrong or has been used.');
  await expectAccessible(page, 'security-app-wrong');
  await page.getByLabel('Enter the 6-digit code from the app').fill(appCode(secret));
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your recovery codes');
  await expectAccessible(page, 'security-codes');
  const codes = await page.getByRole('listitem').allInnerTexts();
  expect(codes).toHaveLength(10);
  await page.getByRole('link', { name: 'I have saved my codes' }).click();
  await expect(page.getByRole('status')).toContainText('Your extra check is set up');
  expect((await mail.to(email)).subject).toContain('How you sign in');

  await password(page, 'petra.app');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Enter your code');
  await expectAccessible(page, 'second-factor-app');
  await page.getByLabel('Code').fill(appCode(secret, 1));
  await page.keyboard.press('Enter');
  await expectOffice(page);

  await password(page, 'petra.app');
  await page.getByLabel('Code').fill('12345');
  await page.keyboard.press('Enter');
  await expect(page.locator('.field .error')).toContainText('This code is wrong or has been used.');
  await expectAccessible(page, 'second-factor-wrong');
  await page.getByLabel('Code').fill(codes[3]);
  await page.keyboard.press('Enter');
  await expectOffice(page);
  await page.goto('/account/security');
  await expect(page.getByText('Unused codes: 9')).toBeVisible();
});

test('a passkey is added by keyboard, is both steps at once or the second one, and opens what asks for a proof', async ({
  page,
  greencap,
  mail,
  signIn,
  expectedMessages,
}) => {
  test.setTimeout(120_000);
  expectedMessages.push(/status of 428/);
  const email = 'petra.key@post.example';
  await greencap.administrator('petra.key', email, PASSWORD);
  const device = await Device.in(page);
  const heading = page.getByRole('heading', { level: 1 });
  const alone = page.getByRole('button', { name: 'Sign in with a passkey' });

  await test.step('it is added', async () => {
    await signIn(page, 'petra.key', PASSWORD);
    await page.goto('/account/security');
    await tabTo(page, 'link', 'Add: Passkey');
    await page.keyboard.press('Enter');
    await expect(heading).toHaveText('Add a passkey');
    await expectAccessible(page, 'passkey-new');
    await tabTo(page, 'textbox', 'Name');
    await page.keyboard.type('My laptop');
    await tabTo(page, 'button', 'Add a passkey');
    await page.keyboard.press('Enter');
    await expect(heading).toHaveText('Your recovery codes');
    await tabTo(page, 'link', 'I have saved my codes');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('listitem').filter({ hasText: 'My laptop' })).toContainText('Passkey, not used yet');
    await expectAccessible(page, 'security-passkey');
    expect((await mail.to(email)).subject).toContain('How you sign in');
  });

  await test.step('alone it lets in, if the device knows its owner', async () => {
    await page.context().clearCookies();
    await page.goto('/sign-in');
    await expectAccessible(page, 'sign-in');
    await device.recognises(false);
    await alone.click();
    await expect(page.getByRole('alert')).toHaveText('The passkey did not work. Try again, or continue without one.');
    await expectAccessible(page, 'sign-in-no-passkey');
    await device.recognises(true);
    await tabTo(page, 'button', 'Sign in with a passkey');
    await page.keyboard.press('Enter');
    await expectOffice(page);
  });

  await test.step('after the password it is the second step', async () => {
    await password(page, 'petra.key');
    await expect(heading).toHaveText('Use your passkey');
    await expectAccessible(page, 'second-factor-passkey');
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await expectOffice(page);
  });

  await test.step('it opens an export that asks for a proof', async () => {
    await greencap.letProofsExpire();
    await page.goto('/accounts');
    await expect(page.locator('html[data-alive]')).toBeAttached();
    await page.getByText(/^Export all that match/).click();
    await page.getByRole('button', { name: 'Export as CSV' }).click();
    await expect(heading).toHaveText('Confirm it’s you');
    await expectAccessible(page, 'prove-passkey');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    expect((await download).suggestedFilename()).toMatch(/\.csv$/);
  });

  await test.step('and a change in the office that asks for one', async () => {
    await enrol(greencap, { number: 'F001', surname: 'Thistlewood', forename: 'Nell' });
    await review(page, 'thistlewood', ['Nell Thistlewood']);
    await save(page);
    await greencap.letProofsExpire();
    await page.getByLabel('Email for Nell Thistlewood').fill('nell.thistlewood@post.example');
    await rowOf(page, 'Nell Thistlewood').getByRole('button', { name: 'Save' }).click();
    const dialog = page.getByRole('dialog', { name: 'Confirm it’s you' });
    await expect(dialog.getByLabel('Code')).toBeVisible();
    await expectAccessible(page, 'proof-passkey');
    await device.recognises(false);
    await dialog.getByRole('button', { name: 'Use a passkey' }).click();
    await expect(dialog.getByText('The passkey did not work.')).toBeVisible();
    await device.recognises(true);
    await dialog.getByRole('button', { name: 'Use a passkey' }).click();
    await expect(page.getByText('1 code will be sent by email.')).toBeVisible();
  });

  await test.step('a copy of it from before is refused', async () => {
    await page.context().clearCookies();
    await page.goto('/sign-in');
    await device.countFrom(0);
    await alone.click();
    await expect(page.getByRole('alert')).toContainText('This passkey cannot sign in here.');
    await expectAccessible(page, 'sign-in-passkey-refused');
    await device.countFrom(100);
    await alone.click();
    await expectOffice(page);
  });

  await test.step('it goes with the password and itself', async () => {
    await page.goto('/account/security');
    await page.getByRole('link', { name: 'Remove: My laptop' }).click();
    await expect(heading).toHaveText('Remove the passkey My laptop?');
    await expectAccessible(page, 'passkey-remove');
    await page.getByLabel('Current password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Remove with a passkey' }).click();
    await expect(page.getByRole('status')).toContainText('Removed.');
    await expect(page.getByText('Recovery codes')).toHaveCount(0);
    await page.context().clearCookies();
    await page.goto('/sign-in');
    await alone.click();
    await expect(page.getByRole('alert')).toContainText('This passkey cannot sign in here.');
  });
});

test('a student whose browser runs no scripts signs in, and is offered nothing that needs them', async ({
  page,
  browser,
  greencap,
  mail,
  signIn,
  signInAsStaff,
}) => {
  const email = 'ines.hollowell@post.example';
  await signInAsStaff(page);
  await invite(page, greencap, { number: 'F002', surname: 'Hollowell', forename: 'Ines', email });
  const invitation = await mail.to(email);
  const context = await browser.newContext({ baseURL: greencap.url, javaScriptEnabled: false });
  const plain = await context.newPage();
  await activate(plain, linkIn(invitation, '/i/'), PASSWORD);
  await plain.getByRole('button', { name: 'Sign out' }).click();
  await expect(plain.getByRole('button', { name: 'Sign in with a passkey' })).toHaveCount(0);
  await signIn(plain, 'i.hollowell', PASSWORD);
  await expect(plain).toHaveURL(/\/portal/);
  await plain.goto('/account/security/passkey');
  await expect(plain.locator('noscript p')).toBeVisible();
  await expect(plain.locator('noscript p')).toContainText('Passkeys need JavaScript.');
  await expect(plain.getByRole('button', { name: 'Add a passkey' })).toHaveCount(0);
  await context.close();
});
