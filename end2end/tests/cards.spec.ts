import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { enrol, review, rowOf, save } from '../support/office.ts';

test.describe.configure({ timeout: 180_000 });

const PASSWORD = 'seven green turtles fly';

test('cards are printed for a class, one pupil is in on a phone, and the lost pile ends', async ({
  page,
  phone,
  greencap,
  signInAsStaff,
}) => {
  await signInAsStaff(page);
  const names = ['Ida', 'Ines', 'Ira'];
  await enrol(
    greencap,
    ...names.map((forename, at) => ({ number: `C00${at}`, surname: 'Cardew', forename, email: '' })),
  );
  await review(page, 'cardew', names.map((name) => `${name} Cardew`));
  await save(page);

  await page.goto('/accounts?q=cardew');
  for (const name of names) await rowOf(page, `${name} Cardew`).getByRole('checkbox').check();
  await page.getByRole('region', { name: 'Actions for the selected students' }).getByText('Action').click();
  await page.getByRole('button', { name: 'Print passwords' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Make 3 passwords?');
  await expectAccessible(page, 'cards-ask');
  await page.getByRole('button', { name: 'Make passwords' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('3 passwords');
  await expect(page.locator('.cards > li')).toHaveCount(3);
  await expectAccessible(page, 'cards-made');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download as CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^passwords-.*\.csv$/);
  if (process.env.PICTURES) {
    await page.screenshot({ path: `${process.env.PICTURES}/cards.png`, fullPage: true });
    await page.pdf({ path: `${process.env.PICTURES}/cards.pdf`, preferCSSPageSize: true });
  }
  await page.getByLabel('A list').check();
  const row = page.locator('.cards-list tbody tr').filter({ hasText: 'Ines' });
  const [username, phrase] = await row.locator('.code').allTextContents();
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/cards-list.png`, fullPage: true });

  await phone.goto('/sign-in');
  await phone.getByLabel('Username or email').fill(username);
  await phone.getByLabel('Password', { exact: true }).fill(phrase.replaceAll('-', ' '));
  await phone.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(phone).toHaveURL(/\/activate\/password/);
  await phone.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await phone.getByRole('button', { name: 'Save and open the portal' }).click();
  await expect(phone).toHaveURL(/\/portal/);

  await page.goto('/cards');
  await expectAccessible(page, 'piles');
  await page.getByRole('link', { name: /^Pile/ }).first().click();
  await expect(page.locator('body')).toContainText('Used: 1. Not used: 2.');
  await expectAccessible(page, 'pile');
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/pile.png`, fullPage: true });
  await page.getByRole('button', { name: 'Void the pile' }).click();
  await expect(page.getByRole('status')).toContainText('2 cards are void.');
  await page.getByRole('link', { name: 'Renew unused passwords' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Make 2 passwords?');
  await page.getByLabel('Words with pictures').check();
  await page.getByRole('button', { name: 'Make passwords' }).click();
  await expect(page.locator('.cards .pictures')).toHaveCount(2);
  if (process.env.PICTURES) {
    await page.screenshot({ path: `${process.env.PICTURES}/cards-pictures.png`, fullPage: true });
    await page.pdf({ path: `${process.env.PICTURES}/cards-pictures.pdf`, preferCSSPageSize: true });
  }
});
