import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { linkIn } from '../support/mail.ts';
import { activate, enrol, invite, review, rowOf, save, send } from '../support/office.ts';

const PASSWORD = 'seven green turtles fly';
const ENDED = 'This invitation no longer works';

test('a student without an email is marked, given one in place, and invited', async ({
  page,
  greencap,
  mail,
  expectedMessages,
  signInAsStaff,
}) => {
  expectedMessages.push(/roll\/add_address|status of 422/);
  await enrol(
    greencap,
    { number: 'U001', surname: 'Tarnfield', forename: 'Wren' },
    { number: 'U002', surname: 'Tarnfield', forename: 'Jonah', email: 'jonah.tarnfield@post.example' },
  );
  await signInAsStaff(page);
  await review(page, 'tarnfield', ['Wren Tarnfield', 'Jonah Tarnfield']);
  await save(page);
  await expect(page.getByText('1 student has no email address.')).toBeVisible();
  await expect(page.getByText('1 code will be sent by email.')).toBeVisible();
  // Students without an address come first.
  await expect(page.getByRole('row').nth(1)).toContainText('Wren Tarnfield');

  const field = page.getByLabel('Email for Wren Tarnfield');
  await field.fill('wren at tarnfield');
  await rowOf(page, 'Wren Tarnfield').getByRole('button', { name: 'Save' }).click();
  await expect(rowOf(page, 'Wren Tarnfield').getByRole('alert')).toBeVisible();
  await expectAccessible(page);
  await field.fill('wren.tarnfield@post.example');
  await rowOf(page, 'Wren Tarnfield').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('2 codes will be sent by email.')).toBeVisible();
  await expect(page.getByText('no email address')).toHaveCount(0);

  await send(page);
  expect((await mail.to('wren.tarnfield@post.example')).text).toContain('w.tarnfield');
});

test('a sending that takes long is watched, stopped, and begun again', async ({ page, greencap, mail, signInAsStaff }) => {
  const names = ['Ash', 'Bryony', 'Clover'];
  await enrol(
    greencap,
    ...names.map((forename, at) => ({ number: `U00${at + 5}`, surname: 'Fernley', forename, email: `${forename}@fernley.example` })),
  );
  await signInAsStaff(page);
  await review(page, 'fernley', names.map((name) => `${name} Fernley`));
  await save(page);
  const release = mail.hold();
  await send(page);
  await expect(page.getByRole('group', { name: 'Sending' })).toContainText('0 of 3');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Stop', exact: true }).press('Enter');
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('3 invitation codes were not sent');
  await expect(page.getByRole('group', { name: 'Sending' })).toHaveCount(0);
  for (const name of names) await expect(rowOf(page, name)).toContainText('Not invited');

  release();
  await send(page);
  for (const name of names) expect((await mail.to(`${name}@fernley.example`)).text).toContain('fernley');
});

test('two students with one surname and one initial both get a username, and a taken name is judged as it is typed', async ({
  page,
  greencap,
  signInAsStaff,
}) => {
  await enrol(
    greencap,
    { number: 'U011', surname: 'Larkspur', forename: 'Dana' },
    { number: 'U012', surname: 'Larkspur', forename: 'Della' },
  );
  await signInAsStaff(page);
  await review(page, 'larkspur', ['Dana Larkspur', 'Della Larkspur']);
  const usernames = await Promise.all(
    ['Dana', 'Della'].map((name) => rowOf(page, name).getByRole('cell').nth(2).innerText()),
  );
  expect(usernames[0]).toBe('d.larkspur');
  expect(usernames[1]).not.toBe(usernames[0]);
  await expect(page.getByText('1 clash settled')).toBeVisible();

  await page.getByText('Manual', { exact: true }).click();
  const [dana, della] = ['Dana', 'Della'].map((name) => page.getByLabel(`Username for ${name} Larkspur`));
  // A typed username takes precedence over the pattern, and the other field shows what remains.
  await della.fill('d.larkspur');
  await expect(dana).not.toHaveValue('d.larkspur');
  await dana.fill('d.larkspur');
  await expect(rowOf(page, 'Della Larkspur')).toContainText('d.larkspur is taken by Dana Larkspur');
  await expect(della).toHaveAttribute('aria-invalid', 'true');
  await della.fill('quill.admin');
  await expect(rowOf(page, 'Della Larkspur')).toContainText('quill.admin is taken by someone else');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('There is a problem');
  await expect(page.getByRole('alert')).toBeFocused();
  await expectAccessible(page);
  await della.fill('della.larkspur');
  await expect(della).not.toHaveAttribute('aria-invalid', 'true');
  await save(page);
  await expect(rowOf(page, 'Della Larkspur')).toContainText('della.larkspur');
});

test('an invitation that ran out offers a fresh one, which goes to the address the school holds', async ({
  page,
  phone,
  greencap,
  mail,
  signInAsStaff,
}) => {
  const address = 'imogen.ashcombe@post.example';
  await signInAsStaff(page);
  await invite(page, greencap, { number: 'U021', surname: 'Ashcombe', forename: 'Imogen', email: address });
  const link = linkIn(await mail.to(address), '/i/');
  await greencap.letInvitationsExpire();

  await page.goto('/accounts?q=ashcombe');
  await expect(rowOf(page, 'Imogen Ashcombe')).toContainText('Code expired');
  await phone.goto(link);
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText(ENDED);
  // The link reveals nothing about the person.
  for (const secret of ['Imogen', 'Ashcombe', 'ashcombe', address]) {
    expect(await phone.content()).not.toContain(secret);
  }
  await expectAccessible(phone);
  const before = mail.messages.length;
  await phone.getByRole('button', { name: 'Send me a new code' }).click();
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText('Check your email');
  for (const secret of ['Imogen', 'ashcombe', address]) expect(await phone.content()).not.toContain(secret);
  await expect.poll(() => mail.messages.length).toBe(before + 1);
  const fresh = linkIn(await mail.to(address), '/i/');
  expect(fresh).not.toBe(link);
  await activate(phone, fresh, PASSWORD);
});

test('a link that was used lets nobody in again, and says nothing about its owner', async ({
  page,
  phone,
  greencap,
  mail,
  signInAsStaff,
}) => {
  const address = 'felix.underhill@post.example';
  await signInAsStaff(page);
  await invite(page, greencap, { number: 'U031', surname: 'Underhill', forename: 'Felix', email: address });
  const link = linkIn(await mail.to(address), '/i/');
  await activate(phone, link, PASSWORD);
  // Another person, in another browser. Leave the batch page first: it asks for its progress, and would be refused.
  await page.goto('about:blank');
  await page.context().clearCookies();
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(ENDED);
  expect(await page.content()).not.toContain('Felix');
  const before = mail.messages.length;
  await page.getByRole('button', { name: 'Send me a new code' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Check your email');
  await page.goto('/activate/password');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(ENDED);
  // Nothing is sent to an active account.
  expect(mail.messages.length).toBe(before);
});

test('a suspended account is out at once and cannot sign in, until it is enabled again', async ({
  page,
  phone,
  greencap,
  mail,
  signIn,
  signInAsStaff,
}) => {
  const address = 'tamsin.brook@post.example';
  await signInAsStaff(page);
  await invite(page, greencap, { number: 'U041', surname: 'Brookhaven', forename: 'Tamsin', email: address });
  await activate(phone, linkIn(await mail.to(address), '/i/'), PASSWORD);

  await page.goto('/accounts?q=brookhaven');
  await rowOf(page, 'Tamsin Brookhaven').getByRole('rowheader').getByRole('link').click();
  // The list has menus with the same name, and stays until the record is loaded.
  await expect(page.getByRole('heading', { level: 1, name: 'Tamsin Brookhaven' })).toBeVisible();
  await page.getByRole('button', { name: 'Action' }).click();
  await page.getByRole('button', { name: 'Disable', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disable the account' }).click();
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('Account disabled');
  await phone.goto('/portal');
  await expect(phone).toHaveURL(/\/sign-in/);
  await phone.getByLabel('Username or email').fill('t.brookhaven');
  await phone.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await phone.getByRole('button', { name: 'Sign in', exact: true }).click();
  // The same words as for a wrong password: they do not reveal that the account exists.
  await expect(phone.locator('.field .error')).toContainText('The username or password is wrong, or this account cannot sign in');

  await page.getByRole('button', { name: 'Action' }).click();
  await page.getByRole('button', { name: 'Enable', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('Account enabled');
  await signIn(phone, 't.brookhaven', PASSWORD);
  await expect(phone).toHaveURL(/\/portal/);
});

test('a viewer who opens or calls what the role lacks is told so, on a page with the way back', async ({
  page,
  expectedMessages,
  signInAsStaff,
}) => {
  expectedMessages.push(/status of 403/);
  await signInAsStaff(page, 'quill.viewer');
  for (const address of ['/accounts/new', '/accounts/new/review', '/imports', '/settings']) {
    const answer = await page.goto(address);
    expect(answer?.status(), address).toBe(403);
    await expect(page.getByRole('heading', { level: 1 }), address).toHaveText('You don’t have permission to view this page');
    await expect(page.getByRole('main').getByRole('link', { name: 'User accounts' }), address).toBeVisible();
    await expectAccessible(page);
  }
  for (const [endpoint, body] of [
    ['accounts/candidates', {}],
    ['imports/list', {}],
    ['accounts/set_template', {}],
    ['accounts/save', {}],
  ] as const) {
    const answer = await page.request.post(`/api/${endpoint}`, { data: body, headers: { 'Sec-Fetch-Site': 'same-origin' } });
    expect(answer.status(), endpoint).toBe(403);
    expect(await answer.text(), endpoint).toContain('You don’t have permission to do this');
  }
});

test('a student who opens a page of the office is told whose it is, with the way to the portal', async ({
  page,
  phone,
  greencap,
  mail,
  expectedMessages,
  signInAsStaff,
}) => {
  expectedMessages.push(/status of 403/);
  const address = 'noor.havelock@post.example';
  await signInAsStaff(page);
  await invite(page, greencap, { number: 'U051', surname: 'Havelock', forename: 'Noor', email: address });
  await activate(phone, linkIn(await mail.to(address), '/i/'), PASSWORD);
  for (const office of ['/accounts', '/students', '/imports', '/settings']) {
    expect((await phone.goto(office))?.status(), office).toBe(403);
    await expect(phone.getByRole('heading', { level: 1 }), office).toHaveText('You don’t have permission to view this page');
  }
  await expectAccessible(phone);
  await phone.getByRole('link', { name: 'Go to the start page' }).click();
  await expect(phone).toHaveURL(/\/portal/);
});

test('a roll that moved between the preview and Save is told, and nothing is made until it was seen', async ({
  page,
  greencap,
  signInAsStaff,
}) => {
  const stay = { number: 'U061', surname: 'Merriweather', forename: 'Poppy' };
  const renamed = { number: 'U062', surname: 'Merriweather', forename: 'Rosalind' };
  await enrol(greencap, stay, renamed);
  await signInAsStaff(page);
  await review(page, 'merriweather', ['Poppy Merriweather', 'Rosalind Merriweather']);
  await enrol(greencap, { ...renamed, forename: 'Beatrix' });

  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const notice = page.locator('.notice').filter({ hasText: 'The roll changed while you were here. Nothing has been created' });
  await expect(notice).toContainText('Rosalind Merriweather is now Beatrix Merriweather');
  await expect(rowOf(page, 'Beatrix Merriweather')).toContainText('b.merriweather');
  await expectAccessible(page);
  await save(page);
  await expect(rowOf(page, 'Beatrix Merriweather')).toContainText('b.merriweather');
});
