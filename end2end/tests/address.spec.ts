import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { linkIn } from '../support/mail.ts';
import { activate, invite } from '../support/office.ts';

const PASSWORD = 'seven green turtles fly';

test('a student changes their email address, and the reader of the old one undoes it', async ({
  page,
  phone,
  greencap,
  mail,
  signIn,
  signInAsStaff,
}) => {
  test.setTimeout(120_000);
  const [old, typed, fresh] = ['wren', 'wrne', 'wren.new'].map((name) => `${name}.hollis@post.example`);
  const heading = phone.getByRole('heading', { level: 1 });
  await signInAsStaff(page);
  await invite(page, greencap, { number: 'E001', surname: 'Hollis', forename: 'Wren', email: old });
  await activate(phone, linkIn(await mail.to(old), '/i/'), PASSWORD);

  await test.step('it is asked for after a proof, and can be cancelled', async () => {
    await greencap.letProofsExpire();
    await phone.getByRole('link', { name: 'Change your email address' }).click();
    await expect(heading).toHaveText('Confirm it’s you');
    await phone.getByLabel('Current password', { exact: true }).fill(PASSWORD);
    await phone.getByRole('button', { name: 'Continue' }).click();
    await expect(heading).toHaveText('Change your email address');
    await expectAccessible(phone, 'address');
    await phone.getByLabel('New email address').fill('wren');
    await phone.getByRole('button', { name: 'Send me a link' }).click();
    await expect(phone.locator('.field .error')).toContainText('Enter an email address in the correct format');
    await expectAccessible(phone, 'address-wrong');
    await phone.getByLabel('New email address').fill(typed);
    await phone.getByRole('button', { name: 'Send me a link' }).click();
    await expect(phone.getByRole('status')).toContainText(`To confirm ${typed}, open the link`);
    await expectAccessible(phone, 'address-waiting');
    await phone.getByRole('button', { name: 'Cancel this change' }).click();
    await expect(phone.getByRole('status')).toContainText('Cancelled');
    await phone.goto(linkIn(await mail.to(typed), '/email/confirm/'));
    await expect(heading).toHaveText('This link no longer works');
    await expectAccessible(phone, 'address-ended');
  });

  await test.step('it is confirmed with the link that went to it, after signing in where that is opened', async () => {
    await phone.getByRole('link', { name: 'Change your email address' }).click();
    await phone.getByLabel('New email address').fill(fresh);
    await phone.getByRole('button', { name: 'Send me a link' }).click();
    const link = linkIn(await mail.to(fresh), '/email/confirm/');
    await phone.context().clearCookies();
    await phone.goto(link);
    await expect(heading).toHaveText('Sign in');
    await phone.getByLabel('Username or email').fill(old);
    await phone.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await phone.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(heading).toHaveText('Confirm your new email address');
    await expect(phone.getByText(fresh)).toBeVisible();
    await expectAccessible(phone, 'address-confirm');
    await phone.getByRole('button', { name: 'Confirm this address' }).click();
    await expect(heading).toHaveText('Your email address has been changed');
    await expectAccessible(phone, 'address-confirmed');
    await phone.context().clearCookies();
    await signIn(phone, fresh, PASSWORD);
    await page.goto('/students?q=hollis');
    await page.getByRole('link', { name: 'Wren Hollis', exact: true }).click();
    await page.getByRole('link', { name: 'Portal access' }).click();
    await expect(page.getByText('Email address changed and confirmed by its owner')).toBeVisible();
  });

  await test.step('the old address is told, and its link puts it back and signs everyone out', async () => {
    await expect(async () => {
      expect((await mail.to(old)).subject).toContain('Messages for Wren Hollis no longer come');
    }).toPass();
    const undo = linkIn(await mail.to(old), '/email/undo/');
    await page.goto(undo);
    const question = page.getByRole('heading', { level: 1 });
    await expect(question).toHaveText('Was this you?');
    await expectAccessible(page, 'address-undo');
    await page.getByRole('button', { name: 'This was not me' }).click();
    await expect(question).toHaveText('The change has been undone');
    await expectAccessible(page, 'address-undone');
    await phone.goto('/portal');
    await expect(heading).toHaveText('Sign in');
    await page.getByRole('button', { name: 'Send me a link' }).click();
    await expect(question).toHaveText('Check your email');
    await expect(async () => {
      await page.goto(linkIn(await mail.to(old), '/reset/'));
    }).toPass();
    await expect(question).toHaveText('Choose a new password');
    await page.goto(undo);
    await expect(question).toHaveText('This link no longer works');
    await expectAccessible(page, 'address-undo-ended');
  });
});
