import { expect, test } from '../support/fixtures.ts';
import { weigh } from '../support/weight.ts';

// Its own server, so that the roll is only the demonstration school's, without data from other tests.
test.use({ apart: 'weight' });

test('a first visit to the sign-in page costs at most 40 kB and 60 kB of fonts', async ({ page }) => {
  const weight = await weigh(page, '/sign-in');
  expect(weight.rest).toBeGreaterThan(0);
  expect(weight.program + weight.rest).toBeLessThanOrEqual(40_000);
  expect(weight.fonts).toBeGreaterThan(0);
  expect(weight.fonts).toBeLessThanOrEqual(60_000);
});

// The roll is where the office begins; the list of accounts needs a part of the program more.
for (const [address, bound] of [
  ['/students', 400],
  ['/accounts', 475],
] as const) {
  test(`a first visit to ${address} costs at most ${bound} kB, fonts and the school's own roll included`, async ({
    page,
    signInAsStaff,
  }) => {
    await signInAsStaff(page);
    const weight = await weigh(page, address, 'office');
    expect(weight.program).toBeGreaterThan(0);
    expect(weight.program + weight.fonts + weight.rest).toBeLessThanOrEqual(bound * 1000);
  });
}
