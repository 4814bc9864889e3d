import { resolve } from 'node:path';
import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { linkIn } from '../support/mail.ts';

const ROLL = resolve(import.meta.dirname, '../../docs/samples/students.csv');
const STUDENT = 'Adaeze Okoronta';
const ADDRESS = 'adaeze.okoronta@post.example';
const PASSWORD = 'seven green turtles fly';

test('from the roll to a student who signs in', async ({ page, phone, mail, signIn, signInAsStaff }) => {
  test.setTimeout(180_000);

  await test.step('the office imports a file', async () => {
    await signInAsStaff(page, 'quill.admin');
    await page.getByRole('link', { name: 'Import', exact: true }).click();
    await page.getByLabel('File with students').setInputFiles(ROLL);
    await page.getByRole('button', { name: 'Next' }).click();
    await expect(page).toHaveURL(/\/imports\/[0-9a-f-]+/);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await expect(page.getByText(/Finished today at/)).toBeVisible();
    await expect(page.getByRole('table', { name: 'Import log' })).toBeVisible();
  });

  await test.step('it makes accounts in three steps and sends the codes', async () => {
    await page.getByRole('link', { name: 'User accounts' }).first().click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('User accounts');
    await page.getByRole('link', { name: 'New', exact: true }).first().click();
    await expect(page.getByRole('radio', { name: /^Current/ })).toBeChecked();
    await page.getByLabel('Name, username or admission number').fill('okoronta');
    await expect(page.getByRole('row').filter({ hasText: STUDENT })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Select all', exact: true }).click();
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await expect(page.getByRole('radio', { name: 'Auto' })).toBeChecked();
    await expect(page.getByRole('row').filter({ hasText: STUDENT })).toContainText('a.okoronta');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('created');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Send invitation codes', exact: true }).click();
    await expect(page.getByRole('region', { name: 'Messages' })).toContainText('queued');
  });

  await test.step('the student opens the mail on a phone and activates', async () => {
    const message = await mail.to(ADDRESS);
    expect(message.headers.get('auto-submitted')).toBe('auto-generated');
    expect(message.html).toContain('a.okoronta');
    const link = linkIn(message, '/i/');
    await phone.goto(link);
    await phone.getByRole('link', { name: 'Yes, this is me' }).or(phone.getByRole('button', { name: 'Yes, this is me' })).click();
    await phone.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await phone.getByRole('button', { name: 'Save and open the portal' }).click();
    await expect(phone).toHaveURL(/\/portal/);
    await expect(phone.getByRole('heading', { level: 1 })).toContainText('Adaeze');
    await expectAccessible(phone);

    await phone.getByRole('button', { name: 'Sign out' }).click();
    await phone.goto(link);
    await expect(phone.getByRole('heading', { level: 1 })).toHaveText('This invitation no longer works');
    await signIn(phone, 'a.okoronta', PASSWORD);
    await expect(phone).toHaveURL(/\/portal/);
  });

  await test.step('in the office the cap is green, the state active, and the preview shows the page', async () => {
    await page.goto('/accounts?q=okoronta');
    const row = page.getByRole('row').filter({ hasText: STUDENT });
    await expect(row).toContainText('Active');
    await expect(row.getByRole('link', { name: `${STUDENT} has an account. Preview it` })).toBeVisible();
    await row.getByRole('rowheader').getByRole('link').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(STUDENT);
    await expectAccessible(page);
    await page.getByRole('link', { name: /has an account/ }).click();
    await page.getByRole('radio').first().check();
    await page.getByRole('button', { name: /Preview/ }).click();
    await expect(page.getByText('Read only.')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Close preview' }).or(page.getByRole('button', { name: 'Close preview' })).first()).toBeVisible();
    await expectAccessible(page);
  });

  await test.step('once disabled, the student is out at once', async () => {
    await page.goto('/accounts?q=okoronta');
    await page.getByRole('row').filter({ hasText: STUDENT }).getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Action', exact: true }).click();
    await page.getByRole('button', { name: 'Disable accounts' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable account' }).click();
    await expect(page.getByRole('row').filter({ hasText: STUDENT })).toContainText('Disabled');
    await phone.goto('/portal');
    await expect(phone).toHaveURL(/\/sign-in/);
  });
});

test('a viewer is offered nothing that the role lacks, and the list works by keyboard alone', async ({
  page,
  signInAsStaff,
}) => {
  await signInAsStaff(page, 'quill.viewer');
  // The whole roll is loaded after the page; here, when the test allows it.
  let sendRoll = () => {};
  const told = new Promise<void>((resolve) => (sendRoll = resolve));
  await page.route('**/roll/*/snapshot', async (route) => {
    await told;
    await route.continue();
  });
  await page.goto('/accounts');
  await expect(page.getByRole('link', { name: 'New', exact: true })).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Import', exact: true })).toHaveCount(0);
  const boxes = page.locator('tbody [data-pick]');
  // Keys work once the page is interactive.
  await expect(page.locator('html[data-alive]')).toBeAttached();
  await boxes.first().focus();
  const rollArrives = page.waitForResponse('**/roll/*/snapshot');
  sendRoll();
  await (await rollArrives).finished();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect(boxes.nth(1)).toBeChecked();
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByRole('status').filter({ hasText: 'selected' }).first()).toContainText('2 of');
  await page.keyboard.press('Escape');
  await expect(boxes.nth(1)).not.toBeChecked();
  await expectAccessible(page);
});
