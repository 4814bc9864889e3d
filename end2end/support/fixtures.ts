import { type BrowserContext, test as base, expect, type Frame, type Page, type Request } from '@playwright/test';
import { Greencap, type School } from './greencap.ts';
import { MailServer } from './mail.ts';

interface ForTest {
  /** Console messages that this test expects. Any other error or warning fails it. */
  expectedMessages: RegExp[];
  /** Signs in on the sign-in page. */
  signIn: (page: Page, username: string, password: string) => Promise<void>;
  /** A page signed in as one of the demonstration school's staff. */
  signInAsStaff: (page: Page, who?: 'quill.admin' | 'quill.manager' | 'quill.viewer' | 'quill.tutor') => Promise<void>;
  /** A separate page for another person, on a phone. */
  phone: Page;
  /** Shows what the server warned of while a test failed. */
  warnings: void;
}

interface ForWorker {
  /** The data the server starts with: `test.use({ school: 'empty' })` in a file gives it its own server. */
  school: School;
  /** Where its messages go: `test.use({ post: 'mailbox' })` keeps them on its own mailbox page. */
  post: 'server' | 'mailbox';
  /** A word of its own gives a file a server on which no other file has left data: `test.use({ apart: 'weight' })`. */
  apart: string;
  mail: MailServer;
  greencap: Greencap;
}

export const test = base.extend<ForTest, ForWorker>({
  school: ['demonstration', { option: true, scope: 'worker' }],

  post: ['server', { option: true, scope: 'worker' }],

  apart: ['', { option: true, scope: 'worker' }],

  mail: [
    async ({}, use) => {
      const mail = await MailServer.start();
      await use(mail);
      await mail.stop();
    },
    { scope: 'worker' },
  ],

  greencap: [
    async ({ school, post, mail }, use) => {
      const greencap = await Greencap.start(school, post === 'server' ? mail.port : undefined);
      await use(greencap);
      await greencap.remove();
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  warnings: [
    async ({ greencap }, use, test) => {
      const before = greencap.output.length;
      await use();
      const said = greencap.output.slice(before).split('\n').filter((line) => /"level":"(WARN|ERROR)"/.test(line));
      if (test.status !== test.expectedStatus && said.length > 0) {
        await test.attach('warnings of the server', { body: said.join('\n'), contentType: 'text/plain' });
      }
    },
    { auto: true },
  ],

  baseURL: async ({ greencap }, use) => use(greencap.url),

  expectedMessages: async ({}, use) => use([]),

  context: async ({ context, expectedMessages }, use) => {
    const heard = listen(context);
    await use(context);
    complain(heard, expectedMessages);
  },

  signIn: async ({ greencap }, use) => {
    await use(async (page, username, password) => {
      await page.goto(`${greencap.url}/sign-in`);
      await page.getByLabel('Username or email').fill(username);
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await expect(page).not.toHaveURL(/\/sign-in/);
    });
  },

  signInAsStaff: async ({ greencap, signIn }, use) => {
    await use(async (page, who = 'quill.manager') => signIn(page, who, await greencap.staffPassword()));
  },

  phone: async ({ browser, greencap, expectedMessages }, use) => {
    const context = await browser.newContext({
      baseURL: greencap.url,
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
      locale: 'en-GB',
    });
    const heard = listen(context);
    await use(await context.newPage());
    await context.close();
    complain(heard, expectedMessages);
  },
});

/** What a page reports if it is left while part of its program is still loading, because the browser aborts that. */
const CUT_SHORT = [/Response body loading was aborted/, /Failed to fetch.*__wasm_split\.js/s];

/** Collects what pages should not report: errors and warnings in the console, and exceptions. */
function listen(context: BrowserContext): string[] {
  const heard: string[] = [];
  // A navigation lasts until its document has been read; the previous document may be read in between.
  const left = new Map<Page, 'leaving' | 'arrived'>();
  const hear = (page: Page | null, message: string) => {
    const cutShort = page && left.has(page) && CUT_SHORT.some((pattern) => pattern.test(message));
    if (!cutShort) heard.push(message);
  };
  context.on('request', (request) => {
    const frame = request.isNavigationRequest() ? frameOf(request) : undefined;
    if (frame && !frame.parentFrame()) left.set(frame.page(), 'leaving');
  });
  context.on('page', (page) => {
    page.on('framenavigated', (frame) => {
      if (!frame.parentFrame() && left.has(page)) left.set(page, 'arrived');
    });
    page.on('domcontentloaded', () => {
      if (left.get(page) === 'arrived') left.delete(page);
    });
  });
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      hear(message.page(), `${message.type()} on ${message.page()?.url()}: ${message.text()} (${message.location().url})`);
    }
  });
  context.on('weberror', (error) => hear(error.page(), `exception on ${error.page()?.url()}: ${error.error()}`));
  return heard;
}

/** The frame of a request; none for the first one of a tab that a link opens. */
function frameOf(request: Request): Frame | undefined {
  try {
    return request.frame();
  } catch {
    return undefined;
  }
}

function complain(heard: string[], expected: RegExp[]): void {
  const unexpected = heard.filter((message) => !expected.some((pattern) => pattern.test(message)));
  expect(unexpected, 'the console stays silent').toEqual([]);
}

export { expect };
