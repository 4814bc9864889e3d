import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { linkIn } from '../support/mail.ts';
import { activate, enrol, review, rowOf, save, send } from '../support/office.ts';

test.describe.configure({ timeout: 180_000 });

const PASSWORD = 'seven green turtles fly';

test('a second press sends nothing, and sending again names its number and asks', async ({
  page,
  phone,
  greencap,
  mail,
  signInAsStaff,
}) => {
  const addresses = ['ida', 'ola'].map((name) => `${name}.twice@post.example`);
  await signInAsStaff(page);
  await enrol(
    greencap,
    { number: 'W001', surname: 'Twice', forename: 'Ida', email: addresses[0] },
    { number: 'W002', surname: 'Twice', forename: 'Ola', email: addresses[1] },
  );
  await review(page, 'twice', ['Ida Twice', 'Ola Twice']);
  await save(page);
  await send(page);
  await expect(page.getByRole('link', { name: 'Done', exact: true })).toHaveClass(/primary/);
  await expect(page.getByRole('button', { name: 'Send invitation codes', exact: true })).toHaveCount(0);
  const again = page.getByRole('button', { name: 'Send again to 2 people without an answer' });
  await expect(again).toBeEnabled({ timeout: 30_000 });
  await activate(phone, linkIn(await mail.to(addresses[0]), '/i/'), PASSWORD);
  await page.reload();
  await page.getByRole('button', { name: 'Send again to 1 person without an answer' }).click();
  await expect(page.getByRole('dialog')).toContainText('They were sent one already');
  await expectAccessible(page, 'batch-again');
  await page.getByRole('button', { name: 'Send 1 again' }).click();
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('1 invitation code queued.');
});

test('a username changes on the record, and the old one signs in without being shown', async ({
  page,
  phone,
  greencap,
  mail,
  signIn,
  signInAsStaff,
}) => {
  const address = 'kim.before@post.example';
  await signInAsStaff(page);
  await enrol(greencap, { number: 'W003', surname: 'Before', forename: 'Kim', email: address });
  await review(page, 'before', ['Kim Before']);
  await save(page);
  await send(page);
  await activate(phone, linkIn(await mail.to(address), '/i/'), PASSWORD);

  await page.goto('/students?q=before');
  await rowOf(page, 'Kim Before').getByRole('rowheader').getByRole('link').click();
  await page.getByRole('button', { name: 'Action', exact: true }).click();
  await page.getByRole('link', { name: 'Change username' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Change the username of Kim Before');
  await expectAccessible(page, 'rename');
  await page.getByLabel('New username of Kim Before').fill('kim.after');
  await page.getByRole('button', { name: 'Change username' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Username of Kim Before changed');
  await expectAccessible(page, 'renamed');

  await phone.context().clearCookies();
  await signIn(phone, 'k.before', PASSWORD);
  await expect(phone).toHaveURL(/\/portal/);
  await expect(phone.locator('body')).toContainText('kim.after');
  await expect(phone.locator('body')).not.toContainText('k.before');

  // The old username is stopped before its time, which can be undone.
  await page.goto('/students?q=before');
  await rowOf(page, 'Kim Before').getByRole('rowheader').getByRole('link').click();
  await page.getByRole('link', { name: 'Portal access' }).click();
  await page.getByRole('button', { name: 'Stop the old username now' }).click();
  await expect(page.getByRole('dialog')).toContainText('If you stop it, nobody can sign in with it.');
  await expectAccessible(page, 'old-username-stop');
  await page.getByRole('button', { name: 'Stop the old username', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Let the old username sign in again' })).toBeFocused();
  await phone.context().clearCookies();
  await phone.goto('/sign-in');
  await phone.getByLabel('Username or email').fill('k.before');
  await phone.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await phone.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(phone.getByRole('main')).toContainText('The username or password is wrong');
  await page.getByRole('button', { name: 'Let the old username sign in again' }).click();
  await expect(page.getByRole('button', { name: 'Stop the old username now' })).toBeFocused();

  await page.goto('/accounts/batches');
  await page.getByRole('link', { name: 'Username changes' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Username changes');
  await expectAccessible(page, 'renames');
  await page.getByRole('link', { name: 'Undo the username change of Kim Before' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Undo the username change of Kim Before?');
  await expectAccessible(page, 'renames-undo');
  await page.getByRole('button', { name: 'Undo the change' }).click();
  await expect(page.getByText('This change was undone')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Username of Kim Before changed back');
});

test('an invitation on its way is named on the record, and another is asked for', async ({
  page,
  greencap,
  mail,
  signInAsStaff,
}) => {
  const address = 'una.onway@post.example';
  await signInAsStaff(page);
  await enrol(greencap, { number: 'W005', surname: 'Onway', forename: 'Una', email: address });
  await review(page, 'onway', ['Una Onway']);
  await save(page);
  await page.goto('/students?q=onway');
  await rowOf(page, 'Una Onway').getByRole('rowheader').getByRole('link').click();
  await page.getByRole('link', { name: 'Portal access' }).click();
  const help = page.getByRole('region', { name: 'Sign-in help' });
  const release = mail.hold();
  await help.getByRole('button', { name: 'Send invitation code email' }).click();
  await expect(help).toContainText(`An invitation code is on its way to ${address}, queued today at`);
  await expect(help.getByRole('button')).toHaveCount(0);
  await expectAccessible(page, 'invitation-on-its-way');
  release();
  await mail.to(address);
  await expect(async () => {
    await page.reload();
    await expect(help).toContainText(`An invitation code was sent to ${address} today at`, { timeout: 2000 });
  }).toPass();
  await help.getByRole('button', { name: 'Send again' }).click();
  await expect(page.getByRole('dialog')).toContainText('They were sent one already');
  await expectAccessible(page, 'invitation-again');
  await page.getByRole('dialog').getByRole('button', { name: 'Back' }).click();
  expect(mail.messages.filter((message) => message.text?.includes('Una'))).toHaveLength(1);
});

test('an address is corrected and the invitation sent again there, and removed and brought back', async ({
  page,
  greencap,
  mail,
  signInAsStaff,
}) => {
  await signInAsStaff(page);
  await enrol(greencap, { number: 'W004', surname: 'Typo', forename: 'Mia', email: 'mai.typo@post.example' });
  await review(page, 'typo', ['Mia Typo']);
  await save(page);
  await send(page);
  await mail.to('mai.typo@post.example');

  await page.goto('/students?q=typo');
  await rowOf(page, 'Mia Typo').getByRole('rowheader').getByRole('link').click();
  const addresses = page.getByRole('region', { name: 'Delivery addresses' });
  await addresses.getByRole('button', { name: 'Edit mai.typo@post.example' }).click();
  await expect(page.getByLabel('Email', { exact: true })).toBeFocused();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(addresses.getByRole('button', { name: 'Edit mai.typo@post.example' })).toBeFocused();
  await addresses.getByRole('button', { name: 'Edit mai.typo@post.example' }).click();
  await page.getByLabel('Email', { exact: true }).fill('mia.typo@post.example');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(addresses).toContainText('Not invited: address corrected');
  await expect(addresses.getByRole('button', { name: 'Edit mia.typo@post.example' })).toBeFocused();
  await expectAccessible(page, 'address-corrected');
  await addresses.getByRole('button', { name: 'Send again' }).click();
  await mail.to('mia.typo@post.example');

  await page.reload();
  await addresses.getByRole('button', { name: 'Remove mia.typo@post.example' }).click();
  await expect(addresses).toContainText('The invitation sent to it no longer works.');
  await expect(addresses.getByRole('button', { name: 'Undo removing mia.typo@post.example' })).toBeFocused();
  await expectAccessible(page, 'address-removed');
  await addresses.getByRole('button', { name: 'Undo removing mia.typo@post.example' }).click();
  await expect(addresses.getByRole('button', { name: 'Remove mia.typo@post.example' })).toBeVisible();
  await expect(addresses.getByRole('button', { name: 'Edit mia.typo@post.example' })).toBeFocused();
});
