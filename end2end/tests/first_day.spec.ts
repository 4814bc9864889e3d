import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { tabTo } from '../support/keyboard.ts';
import { linkIn } from '../support/mail.ts';

test.describe.configure({ mode: 'serial', timeout: 180_000 });
test.use({ school: 'none' });

const PASSWORD = 'seven green turtles fly south';

/** Types into a field that Tab leads to. */
async function type(page: Page, label: string, text: string): Promise<void> {
  await tabTo(page, 'textbox', label);
  await page.keyboard.type(text);
}

/** Presses a button that Tab leads to. */
async function press(page: Page, name: string): Promise<void> {
  await tabTo(page, 'button', name);
  await page.keyboard.press('Enter');
}

test('set-up leads in three steps, by keyboard alone, to empty User accounts with what to do next', async ({
  page,
  greencap,
}) => {
  const link = /https?:\/\/\S+\/setup\/\S+/.exec(greencap.output)?.[0];
  expect(link, greencap.output).toBeTruthy();
  await page.goto(String(link));
  await expect(page.getByRole('list', { name: 'Step 1 of 3' })).toBeVisible();
  await expectAccessible(page, 'setup-you');
  await type(page, 'Given name', 'Petra');
  await type(page, 'Family name (optional)', 'Lindqvist');
  await type(page, 'Email address', 'petra@quillmere.example');
  await type(page, 'Username', 'p.lindqvist');
  await tabTo(page, 'textbox', 'Password');
  await page.keyboard.type('short');
  await press(page, 'Save and continue');
  // Nothing that was typed is lost but the password.
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Email address')).toHaveValue('petra@quillmere.example');
  await tabTo(page, 'textbox', 'Password');
  await page.keyboard.type(PASSWORD);
  await press(page, 'Save and continue');

  await expect(page.getByRole('list', { name: 'Step 2 of 3' })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Time zone' })).toHaveValue('Europe/London');
  await expectAccessible(page, 'setup-organisation');
  await type(page, 'Name', 'Quillmere School');
  await press(page, 'Save and continue');
  await expect(page.getByLabel('Phone number of the office')).toHaveAttribute('aria-invalid', 'true');
  await type(page, 'Phone number of the office', '020 7946 0123');
  await press(page, 'Save and continue');

  await expect(page.getByRole('list', { name: 'Step 3 of 3' })).toBeVisible();
  await expect(page.getByLabel('Name of the school')).toHaveValue('Quillmere School');
  await expectAccessible(page, 'setup-school');
  await press(page, 'Finish');

  await expect(page).toHaveURL(/\/accounts$/);
  await expect(page.getByText('What to do next')).toBeVisible();
  await expectAccessible(page, 'setup-done');
  await tabTo(page, 'link', 'Import your students');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/imports/);
});

test('a colleague is invited by keyboard, opens the mail on a phone and stands signed in', async ({
  page,
  phone,
  mail,
  signIn,
}) => {
  await signIn(page, 'p.lindqvist', PASSWORD);
  await page.goto('/accounts');
  await tabTo(page, 'link', 'Invite a colleague');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Invite a colleague');
  await expectAccessible(page, 'invite-colleague');
  await type(page, 'Given name', 'Otto');
  await type(page, 'Family name (optional)', 'Lind');
  await type(page, 'Email address', 'otto@quillmere.example');
  await press(page, 'Send invitation');
  await expect(page.getByRole('alert')).toContainText('Choose a role.');
  await tabTo(page, 'combobox', 'Role');
  await page.keyboard.type('Account manager');
  await press(page, 'Send invitation');
  await expect(page.getByRole('status')).toContainText('Invitation sent.');
  await expectAccessible(page, 'colleague-invited');

  // The staff list shows how far it is, and what to do next.
  await tabTo(page, 'link', 'See their invitation');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Otto Lind');
  const message = await mail.to('otto@quillmere.example');
  await page.reload();
  await expect(page.getByText(/An invitation code was sent to otto@quillmere.example today at/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Send again' })).not.toHaveClass(/primary/);
  await expectAccessible(page, 'colleague-page');
  await page.goto('/staff');
  await expect(page.getByRole('row').filter({ hasText: 'Otto Lind' })).toContainText('Invited');
  await expectAccessible(page, 'staff-with-colleague');

  await phone.goto(linkIn(message, '/i/'));
  await phone.getByRole('link', { name: 'Yes, this is me' }).click();
  await expectAccessible(phone, 'colleague-password');
  await phone.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await phone.getByRole('button', { name: 'Save and continue' }).click();
  await expect(phone).toHaveURL(/\/accounts/);
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText('User accounts');
  await page.reload();
  await expect(page.getByRole('row').filter({ hasText: 'Otto Lind' })).toContainText('Active');
});
