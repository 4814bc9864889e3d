import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';

test.describe.configure({ timeout: 240_000 });

/** Opens the page for a new group, and waits until it is interactive. */
async function open(page: Page, group: string): Promise<void> {
  await page.goto(`/accounts/paste?new=${encodeURIComponent(group)}`);
  await expect(page.locator('html[data-alive]')).toBeAttached();
  await expect(page.getByRole('grid')).toBeVisible();
}

/** A cell, from 1. */
function cell(page: Page, row: number, column: number) {
  return page.locator(`#cell-${row - 1}-${column - 1}`);
}

/** Pastes as a browser does: an event with what is on the clipboard, at the cell with the focus. */
async function paste(page: Page, text: string, html = ''): Promise<number> {
  return await page.evaluate(
    ([plain, rich]) => {
      const data = new DataTransfer();
      data.setData('text/plain', plain);
      if (rich) data.setData('text/html', rich);
      const began = performance.now();
      document.activeElement?.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      );
      return performance.now() - began;
    },
    [text, html] as const,
  );
}

test('forty students of one surname and initial are pasted into a new group', async ({ page, signInAsStaff }) => {
  const names = Array.from({ length: 40 }, (_, n) => `A${String.fromCharCode(97 + (n % 26))}${n < 26 ? 'la' : 'ri'}`);
  await signInAsStaff(page, 'quill.admin');
  await open(page, 'Forty Smithsons');
  await expectAccessible(page, 'paste-empty');
  await cell(page, 1, 1).click();
  await paste(page, `Forename\tSurname\n${names.map((name) => `${name}\tSmithson`).join('\n')}`);
  await expect(page.getByText('40 rows pasted. Its headings were recognised.')).toBeVisible();
  await expect(cell(page, 1, 1)).toHaveText('Smithson');
  await expect(page.getByText('40 new students')).toBeVisible();
  await expect(cell(page, 1, 4)).toContainText('a.smithson');
  await expectAccessible(page, 'paste-checked');
  await page.getByRole('button', { name: 'Create accounts' }).click();
  await expect(page.getByText('40 accounts created')).toBeVisible();
  await expectAccessible(page, 'paste-done');
  await expect(page.getByRole('link', { name: 'Print passwords' })).toHaveAttribute('href', /^\/cards\/new\?batch=/);
  await page.getByRole('link', { name: 'Finished creating accounts' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('User accounts');
  await expect(page.getByText('40 students match')).toBeVisible();
  await page.getByRole('button', { name: 'Created together' }).click();
  await expect(page.getByText('40 students match')).toHaveCount(0);
  await expect(page).toHaveURL(/\/accounts$/);
});

test('files are dropped and chosen in place of cells', async ({ page, signInAsStaff, expectedMessages }) => {
  expectedMessages.push(/status of 422/);
  await signInAsStaff(page, 'quill.admin');
  await open(page, 'Files');
  // Windows-1252, as Excel saves it, with a title and a total.
  const csv = Buffer.from('Class 10B;;\nSurname;Forename;Adm No\nBerg;Zo\u00eb;0042\nOlsen;Bo;0043\nTotal: 2;;\n', 'latin1');
  await page.getByLabel('Or choose a file').setInputFiles({ name: 'class.csv', mimeType: 'text/csv', buffer: csv });
  await expect(page.getByText('2 rows pasted. Its headings were recognised.')).toBeVisible();
  await expect(cell(page, 1, 2)).toHaveText('Zo\u00eb');
  await expect(cell(page, 1, 5)).toHaveText('0042');
  await expect(page.getByText('1 row is about nobody, such as a total, and left out.')).toBeVisible();
  const pdf = { name: 'class.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') };
  await page.getByLabel('Or choose a file').setInputFiles(pdf);
  await expect(page.getByRole('alert')).toContainText('This is a PDF document');
  await expect(cell(page, 2, 1)).toHaveText('Olsen');

  // Dropped on the page, beside the field.
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['Dahl,Di\nLie,Eva\nRay,Cy'], 'class.csv', { type: 'text/csv' }));
    document.querySelector('main')?.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await expect(page.getByText('3 rows pasted.')).toBeVisible();
  await expect(cell(page, 3, 1)).toHaveText('Ray');
});

test('whole names are asked about, and what was done is undone by touch', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page, 'quill.admin');
  await open(page, 'Names');
  await cell(page, 1, 1).click();
  await paste(page, 'Name\tEmail\nLi Wei\tli@school.example\nBerg, Ana\tana@school.example');
  const question = page.getByText('Which part of the names comes first?');
  await expect(question).toBeVisible();
  await expect(page.getByRole('button', { name: 'Given name first' })).toBeFocused();
  await expectAccessible(page, 'paste-names');
  await page.getByRole('button', { name: 'Family name first' }).click();
  await expect(question).toHaveCount(0);
  await expect(cell(page, 1, 2)).toHaveText('Wei');
  await expect(cell(page, 2, 1)).toHaveText('Berg');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(cell(page, 1, 1)).toHaveText('');
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(cell(page, 1, 1)).toHaveText('Li');
  await cell(page, 2, 1).click();
  await page.getByRole('button', { name: 'Insert row' }).click();
  await expect(cell(page, 3, 1)).toHaveText('Berg');
  await page.getByRole('button', { name: 'Remove row' }).click();
  await expect(cell(page, 2, 1)).toHaveText('Berg');
});

test('the keys of a spreadsheet work in the grid', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page, 'quill.admin');
  await open(page, 'Keys');
  await cell(page, 1, 1).click();
  await page.keyboard.type('Quigley');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Una');
  await page.keyboard.press('Enter');
  await expect(cell(page, 1, 1)).toHaveText('Quigley');
  await expect(cell(page, 2, 2)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('F2');
  await page.keyboard.press('End');
  await page.keyboard.type('h');
  await page.keyboard.press('Escape');
  await expect(cell(page, 1, 2)).toHaveText('Una');
  await page.keyboard.press('Delete');
  await expect(cell(page, 1, 2)).toHaveText('');
  await page.keyboard.press('Control+z');
  await expect(cell(page, 1, 2)).toHaveText('Una');
  await page.keyboard.press('Control+y');
  await expect(cell(page, 1, 2)).toHaveText('');

  // A range takes one value; wrong cells say what to do.
  await cell(page, 1, 3).click();
  await page.keyboard.press('Shift+ArrowDown');
  await paste(page, 'una.school.example');
  await expect(cell(page, 2, 3)).toHaveText('una.school.example');
  await expect(cell(page, 1, 3)).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('#what-0')).toContainText('Enter an email address with one @');
  await page.getByRole('button', { name: 'Create accounts' }).click();
  await expect(page.getByRole('alert')).toContainText('There is a problem');
  await expectAccessible(page, 'paste-wrong');
  await page.getByRole('button', { name: /^Row 1:/ }).click();
  await expect(cell(page, 1, 3)).toBeFocused();
});

test('bad pastes are answered with a sentence, and big ones at once', async ({ page, signInAsStaff }) => {
  await signInAsStaff(page, 'quill.admin');
  await open(page, 'Many');
  await cell(page, 1, 1).click();
  await paste(page, 'Berg\tAna\n'.repeat(50_000));
  await expect(page.getByRole('alert')).toContainText('That is 50000 rows. Paste at most 5000 at a time');

  await cell(page, 1, 1).click();
  await paste(page, 'Nachname Vorname', '<table><tr><th>Nachname<th>Vorname<tr><td>O&#39;Neil<td>Zo&euml;<br>Ann</table>');
  await expect(cell(page, 1, 2)).toHaveText('Zoë Ann');

  await cell(page, 1, 1).click();
  const rows = Array.from({ length: 2_000 }, (_, n) => `Pastley${n}\tAna\tp${n}@school.example\t\tPX${n}`).join('\n');
  const took = await paste(page, rows);
  await expect(page.getByText('2000 rows pasted.')).toBeVisible();
  test.info().annotations.push({ type: 'paste of 2,000 rows', description: `${Math.round(took)} ms` });
  const key = await page.evaluate(() => {
    const began = performance.now();
    for (let n = 0; n < 20; n += 1) {
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true }));
    }
    return (performance.now() - began) / 20;
  });
  test.info().annotations.push({ type: 'a key', description: `${key.toFixed(1)} ms` });
  await expect(cell(page, 21, 1)).toBeFocused();
  for (const [press, row, column] of [['PageDown', 41, 1], ['Control+End', 2000, 5], ['PageUp', 1980, 5], ['Control+Home', 1, 1]] as const) {
    await page.keyboard.press(press);
    await expect(cell(page, row, column), press).toBeFocused();
  }
});
