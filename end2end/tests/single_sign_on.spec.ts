import type { Browser, Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import type { Greencap } from '../support/greencap.ts';
import { enrol, invite, review, rowOf, save } from '../support/office.ts';
import { CertifiedProvider, CLIENT, FORGERIES, HostileIssuer } from '../support/providers.ts';

/** Adds a provider on the settings page, which speaks for our addresses. Returns its redirect URI. */
async function addProvider(page: Page, name: string, issuer: string, domains = 'quillmere.example, post.example'): Promise<string> {
  await page.goto('/settings/single-sign-on');
  await page.getByRole('link', { name: 'Add a provider' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Add a provider');
  const redirectUri = await page.locator('dd.code').innerText();
  await page.getByLabel('Provider', { exact: true }).selectOption('Another OpenID Connect provider');
  await page.getByLabel('Name on the button').fill(name);
  await page.getByLabel('Issuer').fill(issuer);
  await page.getByLabel('Client ID').fill(CLIENT.id);
  await page.getByLabel('Client secret').fill(CLIENT.secret);
  await page.getByLabel('Email domains').fill(domains);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status')).toHaveText('Saved.');
  return redirectUri;
}

async function removeProvider(page: Page, name: string): Promise<void> {
  await page.goto('/settings/single-sign-on');
  await page.getByRole('link', { name: `Change ${name}` }).click();
  await page.getByRole('button', { name: 'Remove this provider' }).click();
  await expect(page.getByRole('status')).toHaveText('Provider removed.');
}

/** The number of linked accounts on the settings page. */
async function linked(page: Page, name: string): Promise<string> {
  await page.goto('/settings/single-sign-on');
  return page.getByRole('row').filter({ hasText: name }).getByRole('cell').nth(3).innerText();
}

async function stranger(browser: Browser, greencap: Greencap): Promise<Page> {
  const context = await browser.newContext({ baseURL: greencap.url, locale: 'en-GB' });
  return context.newPage();
}

/** Signs in at the certified provider, on its own page. */
async function sayWho(page: Page, address: string): Promise<void> {
  await page.locator('input[name="login"]').fill(address);
  await page.locator('input[name="password"]').fill('anything');
  await page.locator('button[type="submit"]').click();
}

/** Signs in there for the first time, and consents to sharing data with Greencap. */
async function signInThere(page: Page, address: string): Promise<void> {
  await sayWho(page, address);
  await page.getByRole('button', { name: 'Continue' }).click();
}

test('someone invited signs in with a provider: verified once, then straight in', async ({
  page,
  phone,
  browser,
  greencap,
  expectedMessages,
  signInAsStaff,
}) => {
  test.setTimeout(120_000);
  const provider = await CertifiedProvider.start();
  // The provider's pages request fonts and a picture that cannot be loaded here.
  expectedMessages.push(/on http:\/\/127\.0\.0\.2:/);
  await signInAsStaff(page, 'quill.admin');
  await invite(page, greencap, { number: 'S001', surname: 'Quillfeather', forename: 'Wilf', email: 'wilf.quillfeather@post.example' });
  await page.goto('/settings/single-sign-on');
  await expectAccessible(page, 'single-sign-on-none');
  await page.getByRole('link', { name: 'Add a provider' }).click();
  await page.getByLabel('Name on the button').fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert')).toContainText('Enter a name');
  await expectAccessible(page, 'single-sign-on-refused');
  provider.register(await addProvider(page, 'Quill ID', provider.issuer));
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page.getByText('The provider is working')).toBeVisible();
  await expectAccessible(page, 'single-sign-on-provider');

  await phone.goto('/sign-in');
  await expectAccessible(phone, 'sign-in-providers');
  await phone.getByRole('link', { name: 'Continue with Quill ID' }).click();
  await signInThere(phone, 'wilf.quillfeather@post.example');
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText('Verify your account');
  await expect(phone.getByText('Wilf Quillfeather')).toBeVisible();
  await expectAccessible(phone, 'single-sign-on-verify');
  await phone.getByRole('button', { name: 'Yes, this is me' }).click();
  await expect(phone).toHaveURL(/\/portal/);
  expect(await linked(page, 'Quill ID')).toBe('1 linked');

  // The second time needs no input: the provider still recognises them.
  await phone.getByRole('button', { name: 'Sign out' }).click();
  await phone.goto('/sign-in?next=/account/security');
  await phone.getByRole('link', { name: 'Continue with Quill ID' }).click();
  await expect(phone).toHaveURL(/\/account\/security/);
  await expect(phone.getByText('Quill ID')).toBeVisible();
  await expectAccessible(phone, 'security-linked');

  // That did not count as a step-up, because the provider used its cookie. For a step-up it makes them sign in again.
  await phone.goto('/account/security/app');
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText('Confirm it’s you');
  await expectAccessible(phone, 'single-sign-on-again');
  await phone.getByRole('link', { name: 'Continue with Quill ID' }).click();
  await sayWho(phone, 'wilf.quillfeather@post.example');
  await expect(phone.getByRole('img', { name: 'QR code for your authenticator app' })).toBeVisible();

  // The office sees the link, and removes it in case it is someone else's.
  await page.goto('/students?q=quillfeather');
  await page.getByRole('rowheader').getByRole('link').first().click();
  await page.getByRole('link', { name: 'Portal access' }).click();
  await expect(page.getByText('Linked to Quill ID')).toBeVisible();
  await page.getByRole('button', { name: 'Remove the link' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page, 'record-unlink');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove the link' }).click();
  await expect(page.getByText('Linked to Quill ID')).toHaveCount(0);
  expect(await linked(page, 'Quill ID')).toBe('0 linked');
  await phone.reload();
  await expect(phone).toHaveURL(/\/sign-in/);

  // Other people at the provider have no access.
  const other = await stranger(browser, greencap);
  await other.goto('/sign-in');
  await other.getByRole('link', { name: 'Continue with Quill ID' }).click();
  await signInThere(other, 'nobody@post.example');
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('You don’t have a portal account here');
  await expectAccessible(other, 'single-sign-on-unknown');
  await other.context().close();
  await removeProvider(page, 'Quill ID');
  await provider.stop();
});

test('a school that asks for it takes passwords of administrators of all schools alone', async ({
  page,
  browser,
  greencap,
  mail,
  signInAsStaff,
}) => {
  const issuer = await HostileIssuer.start();
  await signInAsStaff(page, 'quill.admin');
  await addProvider(page, 'Quill ID', issuer.issuer);
  await page.goto('/settings/single-sign-on');
  await page.getByLabel('Quillmere School').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status')).toHaveText('Saved.');
  await expectAccessible(page, 'single-sign-on-required');

  const other = await stranger(browser, greencap);
  await other.goto('/forgotten/password');
  await expect(other.getByText('Your school does not use passwords')).toBeVisible();
  await expectAccessible(other, 'forgotten-password-off');
  await other.goto('/sign-in');
  await expect(other.getByRole('link', { name: 'Continue with Quill ID' })).toBeVisible();
  await expect(other.getByLabel('Password', { exact: true })).toHaveCount(0);
  await expectAccessible(other, 'sign-in-required');
  const password = await greencap.staffPassword();
  const enter = async (name: string, typed: string) => {
    await other.goto('/sign-in?with=password');
    await other.getByLabel('Username or email').fill(name);
    await other.getByLabel('Password', { exact: true }).fill(typed);
    await other.getByRole('button', { name: 'Sign in', exact: true }).click();
  };
  await enter('quill.manager', password);
  const refused = await other.locator('.field .error').innerText();
  await expectAccessible(other, 'sign-in-required-refused');
  await enter('quill.manager', 'not the password at all');
  expect(await other.locator('.field .error').innerText()).toBe(refused);
  await enter('quill.admin', password);
  await expect(other).not.toHaveURL(/\/sign-in/);

  // Someone who can only use the provider steps up there, and returns to their office page.
  await other.context().clearCookies();
  issuer.address = 'manager@quillmere.example';
  await other.goto('/sign-in');
  await other.getByRole('link', { name: 'Continue with Quill ID' }).click();
  // For staff, the provider does not speak alone. Their password is off, so they prove that the address is theirs.
  let code: string | undefined;
  await expect(async () => {
    const message = await mail.to('manager@quillmere.example');
    expect(message.subject).toContain('Verify your account');
    code = message.text?.match(/Code: (\S+)/)?.[1];
  }).toPass();
  await other.getByLabel('Code').fill(code ?? '');
  await other.getByRole('button', { name: 'Next' }).click();
  await other.getByRole('button', { name: 'Yes, this is me' }).click();
  await expect(other).not.toHaveURL(/\/sign-in/);
  await enrol(greencap, { number: 'S005', surname: 'Larkspur', forename: 'Nell' });
  await review(other, 'larkspur', ['Nell Larkspur']);
  await save(other);
  const correct = async () => {
    await expect(other.locator('html[data-alive]')).toBeAttached();
    await other.getByLabel('Email for Nell Larkspur').fill('nell.larkspur@post.example');
    await rowOf(other, 'Nell Larkspur').getByRole('button', { name: 'Save' }).click();
  };
  await correct();
  const dialog = other.getByRole('dialog', { name: 'Confirm it’s you' });
  await expect(dialog).toContainText('Sign in again');
  await expectAccessible(other, 'proof-provider');
  await dialog.getByRole('link', { name: 'Sign in again' }).click();
  await other.getByRole('link', { name: 'Continue with Quill ID' }).click();
  await correct();
  await expect(other.getByText('1 code will be sent by email.')).toBeVisible();
  await other.context().close();

  await page.getByLabel('Quillmere School').uncheck();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status')).toHaveText('Saved.');
  await removeProvider(page, 'Quill ID');
  await issuer.stop();
});

test('an issuer that says when it last asked someone is believed in that, whatever it was told', async ({
  page,
  browser,
  greencap,
  signInAsStaff,
}) => {
  const issuer = await HostileIssuer.start();
  await signInAsStaff(page, 'quill.admin');
  await invite(page, greencap, { number: 'S004', surname: 'Carrowmore', forename: 'Wilf', email: 'wilf.carrowmore@post.example' });
  await addProvider(page, 'Quill ID', issuer.issuer);
  issuer.address = 'wilf.carrowmore@post.example';
  const other = await stranger(browser, greencap);
  const title = other.getByRole('heading', { level: 1 });
  const enter = () => other.getByRole('link', { name: 'Continue with Quill ID' }).click();
  const ago = (minutes: number) => Math.floor(Date.now() / 1000) - minutes * 60;
  await other.goto('/sign-in');
  await enter();
  await other.getByRole('button', { name: 'Yes, this is me' }).click();
  await expect(other).toHaveURL(/\/portal/);
  expect(issuer.asked?.has('prompt')).toBe(false);
  await other.goto('/account/security/app');
  await expect(title).toHaveText('Confirm it’s you');
  issuer.claims = { auth_time: ago(16) };
  await enter();
  expect(issuer.asked?.get('prompt')).toBe('login');
  expect(issuer.asked?.get('max_age')).toBe('900');
  await expect(title).toHaveText('Confirm it’s you');
  issuer.claims = { auth_time: ago(1) };
  await enter();
  await expect(other.getByRole('img', { name: 'QR code for your authenticator app' })).toBeVisible();
  await other.context().close();
  await removeProvider(page, 'Quill ID');
  await issuer.stop();
});

test('what a hostile issuer makes up opens nothing and links nothing', async ({
  page,
  browser,
  greencap,
  signInAsStaff,
}) => {
  const issuer = await HostileIssuer.start();
  const accomplice = await HostileIssuer.start();
  await signInAsStaff(page, 'quill.admin');
  await invite(page, greencap, { number: 'S002', surname: 'Penhallow', forename: 'Wilf', email: 'wilf.penhallow@post.example' });
  await addProvider(page, 'Quill ID', issuer.issuer);
  const elsewhere = await addProvider(page, 'Other ID', accomplice.issuer);
  issuer.address = 'wilf.penhallow@post.example';
  const other = await stranger(browser, greencap);
  const title = other.getByRole('heading', { level: 1 });
  const enter = async () => {
    await other.goto('/sign-in');
    await other.getByRole('link', { name: 'Continue with Quill ID' }).click();
  };
  const unconfirmed = async (what: string) => {
    await expect(title, what).toHaveText('We could not confirm this sign-in');
    expect((await other.context().cookies()).map(({ name }) => name), what).not.toContain('greencap');
  };
  for (const [what, reason, forge] of FORGERIES) {
    const before = greencap.output.length;
    issuer.forge = forge;
    await enter();
    await unconfirmed(what);
    await expect.poll(() => greencap.output.slice(before), what).toContain(`"reason":"${reason}"`);
  }
  await expectAccessible(other, 'single-sign-on-unconfirmed');
  issuer.forge = (claims, honest) => honest.sign(claims);

  // It names another issuer, or none although it promised to.
  for (const iss of [accomplice.issuer, undefined]) {
    issuer.iss = iss;
    await enter();
    await unconfirmed(`iss is ${iss}`);
  }
  issuer.iss = issuer.issuer;

  // Stops a browser on its way back, and returns what it carries.
  const carried = async (by: Page, name: string, at = issuer): Promise<URL> => {
    at.holds = true;
    await by.goto('/sign-in');
    await by.getByRole('link', { name: `Continue with ${name}` }).click();
    const back = await by.getByRole('link', { name: 'Back', exact: true }).getAttribute('href');
    at.holds = false;
    return new URL(back ?? '');
  };
  const mine = await carried(other, 'Quill ID');
  // The state from another browser, with or without the code from another browser.
  const attacker = await stranger(browser, greencap);
  const theirs = await carried(attacker, 'Quill ID');
  await other.goto(theirs.href);
  await unconfirmed('the state of another browser');
  // The code from another provider (mix-up): at the address of the first, and at its own with the state of the first.
  accomplice.address = issuer.address;
  const mixed = await carried(attacker, 'Other ID', accomplice);
  const swapped = new URL(mine.href);
  swapped.searchParams.set('code', mixed.searchParams.get('code') ?? '');
  await other.goto(`${elsewhere}?${mine.searchParams}`);
  await unconfirmed('the state of another provider');
  await other.goto(swapped.href);
  await unconfirmed('the code of another provider');
  await attacker.context().close();
  expect(await linked(page, 'Quill ID')).toBe('0 linked');
  expect(await linked(page, 'Other ID')).toBe('0 linked');

  // The address is not verified, so a message decides, without revealing whether anyone has it.
  issuer.claims = { email_verified: false };
  await enter();
  await expect(title).toHaveText('Verify your account');
  await expect(other.getByText('Wilf Penhallow')).toHaveCount(0);
  await other.getByLabel('Code').fill('7K2QM-9XB4T');
  await other.getByRole('button', { name: 'Next' }).click();
  await expect(other.locator('.field .error')).toContainText('This code does not work');
  await expectAccessible(other, 'single-sign-on-code');
  issuer.claims = {};

  // A valid answer works once.
  const right = await carried(other, 'Quill ID');
  await other.goto(right.href);
  await expect(other.getByText('Wilf Penhallow')).toBeVisible();
  await other.goto(right.href);
  await unconfirmed('a second time');
  expect(await linked(page, 'Quill ID')).toBe('0 linked');
  await other.context().close();
  await removeProvider(page, 'Quill ID');
  await removeProvider(page, 'Other ID');
  await issuer.stop();
  await accomplice.stop();
});

test('an address that the provider has not verified is shown by the code of a message', async ({
  page,
  browser,
  greencap,
  mail,
  signInAsStaff,
}) => {
  const issuer = await HostileIssuer.start();
  await signInAsStaff(page, 'quill.admin');
  await invite(page, greencap, { number: 'S003', surname: 'Trevanion', forename: 'Wilf', email: 'wilf.trevanion@post.example' });
  await addProvider(page, 'Quill ID', issuer.issuer);
  issuer.address = 'wilf.trevanion@post.example';
  issuer.claims = { email_verified: false };
  const other = await stranger(browser, greencap);
  await other.goto('/sign-in');
  await other.getByRole('link', { name: 'Continue with Quill ID' }).click();
  let code: string | undefined;
  await expect(async () => {
    const message = await mail.to('wilf.trevanion@post.example');
    expect(message.subject).toContain('Verify your account');
    code = message.text?.match(/Code: (\S+)/)?.[1];
  }).toPass();
  await other.getByLabel('Code').fill(code ?? '');
  await other.getByRole('button', { name: 'Next' }).click();
  await expect(other.getByText('Wilf Trevanion')).toBeVisible();
  await other.getByRole('button', { name: 'This is not me' }).click();
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Not you?');
  await expectAccessible(other, 'single-sign-on-not-me');
  expect(await linked(page, 'Quill ID')).toBe('0 linked');
  await other.context().close();
  await removeProvider(page, 'Quill ID');
  await issuer.stop();
});
