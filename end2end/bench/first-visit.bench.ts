import { test } from '../support/fixtures.ts';
import { weigh } from '../support/weight.ts';
import { row } from './report.ts';

// Benches share a server and run in order of their names: this one comes before the roll becomes large.
test('first visits', async ({ page, signInAsStaff }) => {
  const family = await weigh(page, '/sign-in');
  row('first visit to the sign-in page, without fonts', [(family.program + family.rest) / 1000], 'kB', 40);
  row('fonts of the sign-in page', [family.fonts / 1000], 'kB', 60);
  await signInAsStaff(page);
  const office = await weigh(page, '/students', 'office');
  row('first visit to the office, all in all', [(office.program + office.rest + office.fonts) / 1000], 'kB', 400);
});
