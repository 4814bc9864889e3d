import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { enrol, review, rowOf, save, send, studentsFile } from '../support/office.ts';

// Every page of Greencap, with its menus and dialogs, in light and dark, on a desktop and on a phone: accessible, no
// wider than the phone, and without console messages.

test.use({ post: 'mailbox' });
test.describe.configure({ timeout: 240_000 });

const ROLL = resolve(import.meta.dirname, '../../docs/samples/students.csv');
/** The frame of a message runs no scripts, including those of this test. */
const SANDBOXED = /frame is sandboxed/;
const PASSWORD = 'seven green turtles fly';

/** Opens an address and waits until the page is interactive. */
async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.locator('html[data-alive]')).toBeAttached();
}

test('the lists, with everything that opens on them', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page, 'quill.admin');
  await open(page, '/students');
  await expect(page.getByText(/students match/)).toBeVisible();
  await expectAccessible(page, 'students');
  await open(page, '/students?q=nobody+is+called+so');
  await expect(page.getByText('No student matches these filters')).toBeVisible();
  await expectAccessible(page, 'students-none');

  await open(page, '/accounts?roll=all');
  await expectAccessible(page, 'accounts');
  await page.locator('tbody [data-pick]').first().check();
  await page.locator('tbody [data-pick]').nth(2).check();
  await expectAccessible(page, 'accounts-picked');
  const bar = page.getByRole('region', { name: 'Actions for the selected students' });
  await bar.getByRole('button', { name: 'Action', exact: true }).click();
  await expectAccessible(page, 'accounts-menu');
  await page.getByRole('button', { name: 'Close accounts' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page, 'accounts-dialog');
  await page.keyboard.press('Escape');
  await page.getByRole('banner').locator('summary').click();
  await expectAccessible(page, 'accounts-own-menu');
});

test('the three steps, the batch and its messages', async ({ page, greencap, expectedMessages, signInAsStaff }) => {
  expectedMessages.push(SANDBOXED);
  await enrol(
    greencap,
    { number: 'P001', surname: 'Zuleika-Oyelaran', forename: 'Maximiliana Theodora', email: 'zuleika@post.example' },
    { number: 'P002', surname: 'Zuleika-Oyelaran', forename: 'Mo' },
    { number: 'P003', surname: 'Zuleika-Oyelaran', forename: 'Bea', email: 'bea.zuleika@post.example' },
  );
  await signInAsStaff(page, 'quill.admin');
  await open(page, '/accounts/new');
  await expect(page.getByText(/students match/)).toBeVisible();
  await expectAccessible(page, 'new-1');
  await open(page, '/accounts/new/review');
  await expect(page.getByText('No students chosen')).toBeVisible();
  await expectAccessible(page, 'new-2-nobody');
  await review(page, 'zuleika', ['Maximiliana', 'Mo Zuleika', 'Bea Zuleika']);
  await expectAccessible(page, 'new-2-auto');
  await rowOf(page, 'Mo Zuleika').getByRole('button', { name: 'Change' }).click();
  await expectAccessible(page, 'new-2-change');
  await page.getByText('Manual', { exact: true }).click();
  await page.getByLabel('Username for Mo').fill('quill.admin');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessible(page, 'new-2-manual');
  await page.getByLabel('Username for Mo').fill('mo.zuleika');
  await save(page);
  await expectAccessible(page, 'new-3');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page, 'batch-undo');
  await page.keyboard.press('Escape');
  await send(page);
  await expectAccessible(page, 'new-3-sent');
  await open(page, '/accounts?q=zuleika');
  await rowOf(page, 'Bea Zuleika').getByRole('button', { name: /^Action/ }).click();
  await expect(page.getByRole('button', { name: 'Cancel invitation' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Unlock account' }), 'what does not fit is not offered').toHaveCount(0);
  await expectAccessible(page, 'accounts-row-menu');
  await page.getByRole('button', { name: 'Disable account' }).click();
  await expect(page.getByRole('dialog')).toContainText('Disable 1 account?');
  await page.keyboard.press('Escape');
  await open(page, '/accounts/batches');
  await expect(page.getByRole('table', { name: 'Batches' })).toBeVisible();
  await expectAccessible(page, 'batches');

  await open(page, '/mailbox');
  await expect(rowOf(page, 'portal account').first()).toBeVisible();
  await expectAccessible(page, 'mailbox');
  await page.getByRole('main').getByRole('rowheader').getByRole('link').first().click();
  await expect(page.getByRole('heading', { name: 'Plain text' })).toBeVisible();
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    const { right } = await page.locator('iframe').evaluate((frame) => frame.getBoundingClientRect().toJSON());
    expect(right, `the email ends on the page at ${width} px`).toBeLessThan(width);
  }
  // The frame contains a message, and scripts cannot inspect it there.
  await page.locator('iframe').evaluate((frame) => frame.remove());
  await expectAccessible(page, 'message');
});

test('a record, with everything that opens on it', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page, 'quill.admin');
  await open(page, '/students?q=zoe+mae');
  await page.getByRole('rowheader').getByRole('link').first().click();
  await expect(page.getByRole('heading', { name: 'Delivery addresses' })).toBeVisible();
  await expectAccessible(page, 'record');
  await page.getByRole('button', { name: 'Edit zoe.obrien@post.example' }).click();
  await expectAccessible(page, 'record-edit');
  await page.getByRole('button', { name: 'Add phone' }).click();
  await expectAccessible(page, 'record-add-phone');
  await page.getByRole('button', { name: 'Add email' }).click();
  await page.getByLabel('Email', { exact: true }).fill('zoe at home');
  await expectAccessible(page, 'record-add-email');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('link', { name: 'Portal access' }).click();
  await expectAccessible(page, 'record-access');
  await page.getByRole('link', { name: /has no account. Create it/ }).click();
  await expect(page.getByRole('dialog').getByLabel('Username')).not.toHaveValue('');
  await expectAccessible(page, 'record-grant');
  await page.getByRole('dialog').getByRole('button', { name: 'Grant access' }).click();
  await expect(page.getByRole('heading', { name: 'Student account' })).toBeVisible();
  await expect(page.getByRole('link', { name: /has an account/ })).toBeVisible();
  await expectAccessible(page, 'record-account');
  await page.getByRole('button', { name: 'Action', exact: true }).click();
  await expectAccessible(page, 'record-menu');
  await page.getByRole('button', { name: 'Disable', exact: true }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page, 'record-disable');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: /has an account/ }).click();
  await expect(page.getByRole('radio').first()).toBeVisible();
  await expectAccessible(page, 'preview-reason');
  await page.getByRole('radio').first().check();
  await page.getByRole('button', { name: /Preview/ }).click();
  await expect(page.getByText('Read only.')).toBeVisible();
  await expectAccessible(page, 'preview');
});

test('an import, step by step, and the settings', async ({ page, expectedMessages, signInAsStaff }) => {
  expectedMessages.push(/status of 4\d\d/);
  await signInAsStaff(page, 'quill.admin');
  await open(page, '/imports');
  await expectAccessible(page, 'imports-first');
  await page.getByLabel('File with students').setInputFiles({
    name: 'picture.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('\x89PNG....', 'latin1'),
  });
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessible(page, 'imports-refused');
  await page.getByLabel('File with students').setInputFiles(ROLL);
  await expect(page.locator('.file-chosen > b')).toHaveText('students.csv');
  await expectAccessible(page, 'imports-chosen');
  await page.getByRole('button', { name: 'Remove students.csv' }).click();
  await expect(page.locator('.file-chosen')).toHaveCount(0);
  await expect(page.getByLabel('File with students')).toBeFocused();
  await page.getByLabel('File with students').setInputFiles(ROLL);
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByRole('table', { name: 'Columns in the file' })).toBeVisible();
  await expectAccessible(page, 'import-match');
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByRole('table', { name: 'Import log' })).toBeVisible();
  await expectAccessible(page, 'import-check');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText(/Finished today at/)).toBeVisible();
  await expectAccessible(page, 'import-result');
  await page.getByRole('button', { name: 'Undo this import' }).click();
  await expectAccessible(page, 'import-undo');
  await page.getByRole('dialog').getByRole('button', { name: 'Undo this import' }).click();
  await expect(page.getByText('This import was undone')).toBeVisible();
  await expectAccessible(page, 'import-undone');

  await open(page, '/imports');
  const mixed = [
    { number: 'P101', surname: 'Amberley', forename: 'Kit', email: 'not an address' },
    { number: '004101', surname: 'Okoronta', forename: 'Adaeze', email: 'other@post.example' },
  ];
  await page.getByLabel('File with students').setInputFiles({
    name: 'a rather long name of a file, as the school’s system writes it, 2026-11-22 08.30.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(studentsFile(mixed)),
  });
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByRole('table', { name: 'Import log' })).toBeVisible();
  await expectAccessible(page, 'import-check-mixed');
  await open(page, '/imports');
  await expect(page.getByRole('table', { name: 'Earlier imports' })).toBeVisible();
  await expectAccessible(page, 'imports');

  await open(page, '/settings');
  await expect(page.getByText('Usernames for students')).toBeVisible();
  await expect(page.getByText('Example:')).toBeVisible();
  await expectAccessible(page, 'settings');
  for (const [address, name] of [
    ['/settings/organisation', 'settings-organisation'],
    ['/settings/schools', 'settings-schools'],
    ['/settings/schools/QUILL', 'settings-school'],
    ['/roles/invite', 'roles-invite'],
    ['/groups', 'groups'],
    ['/groups/students', 'groups-students'],
    ['/groups/new', 'groups-new'],
    ['/groups/years', 'groups-years'],
    ['/courses', 'courses'],
    ['/courses/new', 'courses-new'],
  ] as const) {
    await page.goto(address);
    await expectAccessible(page, name);
  }
});

test('the pages of families', async ({ page, phone, greencap, expectedMessages, signIn, signInAsStaff }) => {
  expectedMessages.push(SANDBOXED);
  await enrol(greencap, { number: 'P201', surname: 'Penhaligon', forename: 'Wilf', email: 'wilf@post.example', born: '2015-03-02' });
  await signInAsStaff(page, 'quill.admin');
  await review(page, 'penhaligon', ['Wilf Penhaligon']);
  await save(page);
  await send(page);
  await expect(async () => {
    await open(page, '/mailbox');
    await expect(rowOf(page, 'Wilf Penhaligon')).toBeVisible({ timeout: 2000 });
  }).toPass();
  await rowOf(page, 'Wilf Penhaligon').getByRole('link').click();
  const link = await page.getByRole('main').getByRole('link', { name: /\/i\// }).first().getAttribute('href');

  await phone.goto('/sign-in');
  await expectAccessible(phone, 'sign-in');
  await phone.getByRole('button', { name: 'Sign in', exact: true }).evaluate((button: HTMLButtonElement) => {
    button.form!.noValidate = true;
  });
  await phone.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(phone.locator('.field .error').first()).toBeVisible();
  await expectAccessible(phone, 'sign-in-refused');
  await phone.goto('/activate');
  await expectAccessible(phone, 'activate-code');
  await phone.goto(link ?? '');
  await expectAccessible(phone, 'activate-who');
  await phone.getByRole('link', { name: 'Yes, this is me' }).click();
  await expectAccessible(phone, 'activate-password');
  await phone.getByLabel('Password', { exact: true }).fill('password1234');
  await phone.getByRole('button', { name: 'Save and open the portal' }).click();
  await expect(phone.locator('.field .error')).toBeVisible();
  await expectAccessible(phone, 'activate-password-refused');
  await expect(phone.locator('.ticks [data-met]')).toHaveCount(0);
  await phone.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await expect(phone.locator('.ticks [data-met]'), 'the rules follow what is typed').toHaveCount(3);
  await expect(phone.locator('.field .error'), 'an error goes when it no longer holds').toHaveCount(0);
  await expect(phone.getByLabel('Your username')).toHaveValue('w.penhaligon');
  await phone.getByRole('button', { name: 'Save and open the portal' }).click();
  await expect(phone).toHaveURL(/\/portal/);
  await expectAccessible(phone, 'portal');
  await phone.getByRole('button', { name: 'Sign out' }).click();
  await expectAccessible(phone, 'signed-out');
  await phone.goto(link ?? '');
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText('This invitation no longer works');
  await expectAccessible(phone, 'activate-ended');
  await phone.getByRole('button', { name: 'Send me a new code' }).click();
  await expectAccessible(phone, 'activate-fresh');
  await signIn(phone, 'w.penhaligon', PASSWORD);
  await expect(phone).toHaveURL(/\/portal/);
});

test('the pages for what went wrong', async ({ page, expectedMessages, signInAsStaff }) => {
  expectedMessages.push(/status of (403|404|410|422)/);
  await page.goto('/nothing/is/here');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Page not found');
  await expectAccessible(page, 'not-found');
  await page.goto('/setup/not-a-link');
  await expectAccessible(page, 'setup-gone');
  await signInAsStaff(page, 'quill.viewer');
  await page.goto('/settings');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You don’t have permission to view this page');
  await expectAccessible(page, 'out-of-reach');
  await page.goto('/students/not-a-student');
  await expect(page.getByRole('alert')).toContainText('Not found');
  await expectAccessible(page, 'record-not-found');
});
