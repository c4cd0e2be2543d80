import { afterAll, beforeAll, expect, it } from 'vitest';
import { Rehearsal } from './rehearsal.ts';

let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await Rehearsal.start('onboarding');
  await rehearsal.apply('Onboarding');
  await rehearsal.play();
});
afterAll(() => rehearsal.end());

/** Day, hour and what came, as clocks showed it there. */
async function mornings(who: string): Promise<string[]> {
  const person = rehearsal.data.people.find(({ id }) => id === who);
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: person?.timezone_id ?? 'UTC',
    weekday: 'short',
    day: '2-digit',
    month: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  });
  return (await rehearsal.mails()).flatMap((line) => {
    const [at = '', name, template = ''] = line.split(' ');
    if (name !== who) return [];
    const parts = Object.fromEntries(
      format.formatToParts(new Date(`${at}Z`)).map(({ type, value }) => [type, value]),
    );
    return [
      `${parts['weekday']} ${parts['day']} ${parts['month']} ${parts['hour']}h ${template.replace('onboarding-', '')}`,
    ];
  });
}

it('writes in the morning of a reader in Berlin, where clocks go back on October 25', async () => {
  expect(await mornings('berta')).toEqual([
    'Wed 21 Oct 09h welcome',
    'Mon 26 Oct 09h first-project',
    'Fri 30 Oct 09h invite',
    'Tue 03 Nov 09h feedback',
  ]);
});

it('writes in the morning of a reader in New York, where they go back on November 1', async () => {
  expect(await mornings('nick')).toEqual([
    'Tue 20 Oct 09h welcome',
    'Fri 23 Oct 09h first-project',
    'Tue 27 Oct 09h invite',
    'Mon 02 Nov 09h feedback',
  ]);
});

it('leaves out the first project of a reader in Kolkata who has made one', async () => {
  expect(await mornings('kavya')).toEqual([
    'Wed 21 Oct 09h welcome',
    // Four days after Thursday at two: Monday at two, when the window is closed.
    'Tue 27 Oct 09h invite',
    'Mon 02 Nov 09h feedback',
  ]);
});
