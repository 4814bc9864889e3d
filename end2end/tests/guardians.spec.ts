import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { linkIn } from '../support/mail.ts';

// Its second school would be another first one for the staff of other tests.
test.use({ school: 'empty' });

const PASSWORD = 'seven green turtles fly';
const EMAIL = 'nkechi.umeh@post.example';
const FIRST = { number: '81001', name: 'Chidera Umeh', familiar: 'Chidera' };
const SECOND = { number: '81002', name: 'Tobenna Umeh', familiar: 'Tobenna' };
const HEAD = 'Admission Number,Legal Surname,Legal Forename,Year Group,Reg,Start Date';

test('from a contact card to a guardian on a phone who sees two children of two schools', async ({
  page,
  phone,
  greencap,
  mail,
  signIn,
}) => {
  test.setTimeout(300_000);

  await test.step('two children are on the rolls of two schools', async () => {
    const roll = async (school: string, file: string, row: string) => {
      const path = join(greencap.folder, file);
      await writeFile(path, `${HEAD}\n${row}\n`);
      await greencap.run('import', 'students', path, '--school', school);
    };
    await greencap.run('schools', 'add', 'LITTLE', 'Little Quillmere');
    await roll('QUILL', 'first.csv', `${FIRST.number},Umeh,${FIRST.familiar},7,7Q,2025-09-01`);
    await roll('LITTLE', 'second.csv', `${SECOND.number},Umeh,${SECOND.familiar},3,3W,2025-09-01`);
  });

  await test.step('the office adds a contact to the first child, and attaches the second', async () => {
    // Somebody for both schools: the demonstration's staff are of one.
    await greencap.administrator('petra.family', 'petra.family@post.example', PASSWORD);
    await signIn(page, 'petra.family', PASSWORD);
    await page.goto('/office/school/QUILL');
    await page.goto('/students?q=umeh');
    await expect(page.locator('html[data-alive]')).toBeAttached();
    await page.getByRole('row').filter({ hasText: FIRST.name }).getByRole('rowheader').getByRole('link').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(FIRST.name);
    await page.getByRole('link', { name: 'Contacts', exact: true }).click();
    await page.getByRole('link', { name: 'Add contact' }).first().click();
    await page.getByLabel(/^Family name/).fill('Umeh');
    await page.getByLabel('Given name').fill('Nkechi');
    await page.getByLabel(/^Email/).fill(EMAIL);
    await page.getByLabel('Relationship').selectOption({ label: 'Mother' });
    await page.getByLabel('Parental responsibility').selectOption({ label: 'Yes' });
    await page.getByLabel('Logon Type').selectOption({ label: 'No account yet' });
    await page.getByRole('button', { name: 'Add user' }).click();
    await page.getByRole('link', { name: 'Nkechi Umeh', exact: true }).click();
    await page.getByRole('link', { name: 'Attach or detach students' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Modify user');
    await page.getByLabel('Admission number or name').fill(SECOND.number);
    await page.getByLabel('Relationship').last().selectOption({ label: 'Mother' });
    await page.getByRole('button', { name: /^Attach/ }).click();
    await expect(page.getByRole('alert')).toContainText('This student is at another school.');
    await page.getByRole('radio', { name: /^Tobenna Umeh, 81002, .*Little Quillmere$/ }).check();
    await page.getByRole('button', { name: /^Attach/ }).click();
    await expect(page.getByRole('link', { name: SECOND.name, exact: true })).toBeVisible();
    await expectAccessible(page, 'guardian-modify');
  });

  await test.step('the plus beside the email makes the account, and an invitation goes out', async () => {
    await page.getByRole('link', { name: FIRST.name, exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(FIRST.name);
    await page.getByRole('link', { name: 'Nkechi Umeh has no account. Create it' }).click();
    await page.getByRole('button', { name: 'Create account' }).click();
    await expect(page.getByRole('status').first()).toContainText('Account created.');
    await page.getByRole('button', { name: /^Send invitation/ }).click();
    await expect(page.getByRole('status').first()).toContainText('Invitation code queued.');
  });

  await test.step('the guardian opens the mail on a phone, and is asked about the children', async () => {
    const link = linkIn(await mail.to(EMAIL), '/i/');
    await phone.goto(link);
    await expect(phone.getByText('Nkechi')).toBeVisible();
    await expect(phone.getByText(FIRST.familiar, { exact: true })).toHaveCount(0);
    await phone.getByRole('link', { name: 'Yes, this is me' }).click();
    await expect(phone.getByRole('heading', { level: 1 })).toHaveText('Are these your children?');
    await expectAccessible(phone, 'activate-children');
    await phone.getByRole('button', { name: 'Next' }).click();
    await expect(phone.getByRole('alert')).toContainText(`Say whether ${FIRST.familiar} is your child.`);
    await expectAccessible(phone, 'activate-children-wrong');
    for (const child of [FIRST, SECOND]) {
      const question = phone.getByRole('group', { name: new RegExp(`^${child.familiar}`) });
      await question.getByRole('radio', { name: 'Yes, this is my child' }).check();
    }
    await phone.getByRole('button', { name: 'Next' }).click();
    await phone.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await phone.getByRole('button', { name: 'Save and open the portal' }).click();
    await expect(phone).toHaveURL(/\/portal/);
  });

  await test.step('at home are both children of both schools, each with a page', async () => {
    const children = phone.getByRole('region', { name: 'Your children' });
    await expect(children.getByRole('listitem')).toHaveCount(2);
    await expect(children).toContainText('Little Quillmere');
    await expectAccessible(phone, 'portal-guardian');
    await children.getByRole('link', { name: new RegExp(`^${FIRST.familiar}`) }).click();
    await expect(phone.getByRole('heading', { level: 1 })).toHaveText(FIRST.familiar);
    await expectAccessible(phone, 'portal-guardian-child');
    const others = phone.getByRole('navigation', { name: 'Choose a child' });
    await others.getByRole('link', { name: SECOND.familiar }).click();
    await expect(phone.getByRole('heading', { level: 1 })).toHaveText(SECOND.familiar);
    await expect(others.getByRole('link', { name: SECOND.familiar })).toHaveAttribute('aria-current', 'page');
  });

  await test.step('the office no longer lists the child as one without an adult', async () => {
    await page.goto('/guardians/missing');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Every child has an adult');
    await expect(page.getByRole('row').filter({ hasText: FIRST.name })).toHaveCount(0);
    await expectAccessible(page, 'guardians-missing');
  });

  await test.step('a child who is not theirs is gone after one press, and the other stays', async () => {
    await phone.getByRole('link', { name: 'This is not my child' }).click();
    await expectAccessible(phone, 'portal-not-mine');
    await phone.getByRole('button', { name: `${SECOND.familiar} is not my child` }).click();
    await expect(phone.getByRole('status')).toContainText('You no longer see this child.');
    const children = phone.getByRole('region', { name: 'Your children' });
    await expect(children.getByRole('listitem')).toHaveCount(1);
    await expect(children).toContainText(FIRST.familiar);
  });
});
