import { expect, test } from '../support/fixtures.ts';
import { expectAccessible } from '../support/accessible.ts';
import { activate, enrol, invite } from '../support/office.ts';
import { linkIn } from '../support/mail.ts';

// Browsers report every answer that is an error.
test.use({ expectedMessages: [/the server responded with a status of (401|404|409)/] });

test('a restriction ends the session that is open in a second browser within a second', async ({
  page,
  phone,
  greencap,
  mail,
  signInAsStaff,
}) => {
  test.setTimeout(120_000);
  const email = 'mara.restricted@post.example';
  await signInAsStaff(page);
  await invite(page, greencap, { number: 'R001', surname: 'Restricted', forename: 'Mara', email });
  await activate(phone, linkIn(await mail.to(email), '/i/'), 'seven green turtles fly');
  await enrol(greencap, { number: 'R002', surname: 'Kept', forename: 'Ben' });
  await greencap.makeMother('R001', 'R002');
  const child = await greencap.idOf('R002');

  await phone.goto(`/portal/children/${child}/access`);
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText('What you see of Ben');
  await expectAccessible(phone, 'own-access');

  await page.goto(`/students/${child}/access`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Who sees Ben Kept');
  await expectAccessible(page, 'access-map');
  await page.getByRole('link', { name: 'Record a restriction' }).click();
  await page.getByLabel('The adult').selectOption({ label: 'Mara Restricted' });
  await page.getByLabel('Reason', { exact: true }).selectOption('court_order');
  await expectAccessible(page, 'restrict');
  await page.getByRole('button', { name: 'Record restriction' }).click();
  await expect(phone.getByRole('alertdialog')).toContainText('Your session ended', { timeout: 1000 });
  await expect(page.getByText('1 session ended.').first()).toBeVisible();
  await expect(page.getByText('Access is restricted')).toBeVisible();
});
