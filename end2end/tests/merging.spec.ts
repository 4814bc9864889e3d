import { expect, test } from '../support/fixtures.ts';
import { expectAccessible } from '../support/accessible.ts';

// Two records become one, which other files do not expect.
test.use({ apart: 'merging' });

test('of two records the chosen one stays, and no other merge can be pressed than the one shown', async ({
  page,
  signInAsStaff,
}) => {
  await signInAsStaff(page);
  // They are searched for by a job, soon after the server starts.
  const same = page.getByRole('link', { name: /^Same person/ });
  await expect(async () => {
    await page.goto('/guardians/duplicates');
    await expect(same.first()).toBeVisible({ timeout: 1000 });
  }).toPass();
  await same.first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Merge two records');
  const merge = page.getByRole('button', { name: /^(Merge|Ask for approval)$/ });
  const says = page.getByText('to see this merge first');
  await expect(merge).toBeVisible();
  await expect(says).toBeHidden();

  // Which of the two is proposed depends on what is known of them.
  const proposed = await page.getByRole('radio', { name: /^Second record/ }).isChecked();
  const other = page.getByRole('radio', { name: proposed ? /^First record/ : /^Second record/ });
  await other.focus();
  await page.keyboard.press('Space');
  await expect(says).toBeVisible();
  await expect(merge).toBeHidden();
  await expectAccessible(page, 'merge-other');

  await page.getByRole('button', { name: 'Show what that does' }).press('Enter');
  await expect(other).toBeChecked();
  await expect(says).toBeHidden();
  await expect(merge).toBeVisible();
  await expectAccessible(page, 'merge');
});
