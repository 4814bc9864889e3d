import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { enrol, review, rowOf, save, send, type Student } from '../support/office.ts';

// What all lists have in common: the columns that fit, the choice of columns, loading page by page, keys and
// printing.

test.use({ post: 'mailbox' });
test.describe.configure({ timeout: 240_000 });

const LONG = { number: 'L001', surname: 'Featherstonehaugh-Oyelaran de la Cruz', forename: 'Maximiliana Theodora', email: 'm@post.example' };
const TABLET = { width: 768, height: 1024 };

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.locator('html[data-alive]')).toBeAttached();
}

/** What in a page's tables is cut or off the screen. */
function cut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const seen = (element: Element) => element.getClientRects().length > 0;
    const words = (element: Element) => element.textContent?.trim().replace(/\s+/g, ' ') ?? '';
    const of = (selector: string) => [...document.querySelectorAll(`table ${selector}`)].filter(seen);
    const cut = of('thead th, tbody th')
      .filter((cell) => cell.scrollWidth > cell.clientWidth + 1)
      .map((cell) => `cut: ${words(cell)}`);
    const beyond = of('thead th, tbody th, .status')
      .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
      .map((element) => `off the page: ${words(element)}`);
    const lone = of('td:has(.where)')
      .filter((cell) => (cell.querySelector('.where > :last-child')?.getBoundingClientRect().width ?? 0) < 100)
      .map((cell) => `a lone icon: ${words(cell)}`);
    const wide = document.documentElement.scrollWidth > window.innerWidth ? ['the page scrolls sideways'] : [];
    return [...cut, ...beyond, ...lone, ...wide];
  });
}

/** The headings of the visible columns. */
async function heads(page: Page): Promise<string[]> {
  const heads = await page.getByRole('columnheader').all();
  const shown = await Promise.all(heads.map(async (head) => ((await head.isVisible()) ? (await head.innerText()).trim() : '')));
  return shown.filter((words) => words !== '');
}

async function openColumns(page: Page): Promise<void> {
  const menu = page.locator('details.columns');
  if ((await menu.getAttribute('open')) === null) await menu.locator('summary').click();
  await expect(page.getByRole('group', { name: 'Columns shown' })).toBeVisible();
}

test('on a tablet no name and no heading is cut, and nothing runs off the page', async ({ page, greencap, signInAsStaff }) => {
  await enrol(greencap, LONG);
  await signInAsStaff(page, 'quill.admin');
  for (const width of [768, 1024, 1280]) {
    await page.setViewportSize({ ...TABLET, width });
    for (const address of ['/students', '/accounts?roll=all', '/accounts/new', '/imports', '/mailbox']) {
      await open(page, address);
      expect.soft(await cut(page), `${address} at ${width} px`).toEqual([]);
    }
    for (const address of ['/audit', '/roles', '/approvals']) {
      await page.goto(address);
      expect.soft(await cut(page), `${address} at ${width} px`).toEqual([]);
    }
  }
  await page.setViewportSize(TABLET);
  await open(page, '/students?q=maximiliana');
  const name = rowOf(page, 'Maximiliana Theodora').getByRole('rowheader');
  await expect(name).toHaveText(`${LONG.forename} ${LONG.surname}`);
  expect(await heads(page)).toContain('Status');
  expect(await heads(page)).not.toContain('Invitation goes to');
});

test('a choice of columns is one’s own, is kept, and can be given up', async ({ page, phone, signIn, greencap, signInAsStaff }) => {
  await signInAsStaff(page, 'quill.admin');
  await open(page, '/students');
  expect(await heads(page)).toContain('Admission no.');
  await openColumns(page);
  const kept = page.waitForResponse(/keep_columns/);
  await page.getByRole('checkbox', { name: 'Admission no.' }).uncheck();
  expect(await heads(page)).not.toContain('Admission no.');
  expect((await kept).status()).toBe(200);
  const keptToo = page.waitForResponse(/keep_columns/);
  await page.getByRole('checkbox', { name: 'Last sign-in' }).check();
  expect((await keptToo).status()).toBe(200);
  await expectAccessible(page, 'students-columns');
  await page.keyboard.press('Escape');
  await expect(page.locator('details.columns')).not.toHaveAttribute('open');
  await open(page, '/students');
  expect(await heads(page)).toContain('Last sign-in');
  expect(await heads(page)).not.toContain('Admission no.');

  await phone.setViewportSize({ width: 1440, height: 900 });
  await signIn(phone, 'quill.manager', await greencap.staffPassword());
  await open(phone, '/students');
  expect(await heads(phone), 'nobody else’s').toContain('Admission no.');

  await openColumns(page);
  await page.getByRole('button', { name: 'Reset columns' }).click();
  expect(await heads(page)).toContain('Admission no.');
});

test('what has no room is offered, and takes the room of another column', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page, 'quill.viewer');
  await page.setViewportSize(TABLET);
  await open(page, '/students');
  const before = await heads(page);
  expect(before).not.toContain('Invitation goes to');
  await openColumns(page);
  const email = page.getByRole('checkbox', { name: 'Invitation goes to (no room)' });
  await expect(email).not.toBeChecked();
  await email.check();
  const after = await heads(page);
  expect(after).toContain('Invitation goes to');
  expect(before.filter((head) => !after.includes(head)), 'another has given way').not.toEqual([]);
  expect(await cut(page)).toEqual([]);
});

test('a page without WebAssembly keeps its columns by a form', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page, 'quill.admin');
  await page.goto('/audit?who=quill');
  expect(await heads(page)).toContain('IP address');
  await openColumns(page);
  await page.getByRole('checkbox', { name: 'IP address' }).uncheck();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page).toHaveURL(/\/audit\?who=quill$/);
  expect(await heads(page)).not.toContain('IP address');
  await openColumns(page);
  await page.getByRole('button', { name: 'Reset columns' }).click();
  expect(await heads(page)).toContain('IP address');
});

test('rows come page by page as the list is scrolled, and all of them go to paper', async ({ page, greencap, signInAsStaff }) => {
  const students: Student[] = Array.from({ length: 120 }, (_, n) => ({
    number: `Q${n}`,
    surname: `Ivelchester${n}`,
    forename: 'Ash',
    email: `ash${n}@post.example`,
  }));
  await enrol(greencap, ...students);
  await signInAsStaff(page, 'quill.admin');
  await review(page, 'ivelchester', ['Ash Ivelchester0'], students.length);
  await save(page);
  await send(page);
  await expect(async () => {
    await open(page, '/mailbox');
    await page.getByRole('row').nth(1).getByRole('link').focus();
    // The next pages are loaded when the last rows come into view.
    for (let press = 0; press < 4; press++) {
      await page.keyboard.press('End');
      await page.waitForTimeout(300);
    }
    await expect(page.getByText(/^120 messages\.$/)).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 60_000 });
  const drawn = () => page.locator('tbody tr[data-row]').count();
  expect(await drawn(), 'only what is in view is in the document').toBeLessThan(60);
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await expect.poll(drawn).toBe(120);
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await expect.poll(drawn).toBeLessThan(60);
  await expect(page.getByRole('row').nth(1).getByRole('link')).toHaveAttribute('href', /\/mailbox\//);
});

test('a printed list has all its rows, its filters above it, and no empty page', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page);
  await open(page, '/students?year=10');
  const total = Number(await page.locator('.found .num').textContent());
  expect(total).toBeGreaterThan(60);
  await expect(page.getByText('Year 10. Roll: Current')).toBeHidden();
  const pdf = await page.pdf({ format: 'A4' });
  const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  expect(sheets, `${total} rows`).toBeGreaterThan(1);
  expect(sheets, `${total} rows`).toBeLessThanOrEqual(Math.ceil(total / 15));
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByText('Year 10. Roll: Current')).toBeVisible();
  await expect(page.locator('tbody tr[data-row]')).toHaveCount(total);
  await expect(page.locator('.page > .notice')).toBeHidden();
});

test('a list of more rows than a browser keeps alive goes to paper whole', async ({ page, greencap, signInAsStaff }) => {
  test.setTimeout(240_000);
  const rows = Array.from({ length: 9_500 }, (_, n) => `P${n},Robin,Ashdown${n}`);
  const file = join(greencap.folder, 'many.csv');
  await writeFile(file, `Adm No,Forename,Surname\n${rows.join('\n')}\n`);
  await greencap.run('import', 'students', file, '--school', 'QUILL');
  await signInAsStaff(page);
  // What the printer would get.
  await page.addInitScript(() => {
    window.print = () => {
      const sheet = [...document.querySelectorAll('tbody')].filter((body) => getComputedStyle(body).display !== 'none');
      document.title = `Printed ${sheet.map((body) => body.rows.length).join(' and ')} rows`;
    };
  });
  await open(page, '/students');
  const total = Number((await page.getByText(/^\d+ students\.$/).textContent())?.split(' ')[0]);
  expect(total).toBeGreaterThan(10_000);
  const button = await page.getByRole('button', { name: 'Print', exact: true }).elementHandle();
  await page.emulateMedia({ media: 'print' });
  await button?.evaluate((button) => (button as HTMLElement).click());
  await expect(page).toHaveTitle(`Printed ${total} rows`, { timeout: 120_000 });
  await page.emulateMedia({ media: 'screen' });
  await expect.poll(() => page.locator('tbody tr[data-row]').count()).toBeLessThan(60);

  await page.goto('/imports');
  await page.getByRole('link', { name: 'many.csv' }).click();
  await page.getByRole('button', { name: 'Undo this import' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo this import' }).click();
  await expect(page.getByText('This import was undone')).toBeVisible({ timeout: 60_000 });
});
