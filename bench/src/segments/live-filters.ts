const PLANS = ['gold', 'silver', 'free'];
const HOURS = [1, 24, 72, 168, 720];

/** Filters of the `n`th live segment: one to three groups of one to four, and of three in four time is one. */
export function liveFilters(n: number, users: number): readonly object[] {
  const groups = Array.from({ length: 1 + (n % 3) }, (_, group) => {
    const m = n + group * 7;
    const all = [
      { field: 'tag', key: 'plan', relation: '=', value: PLANS[m % PLANS.length] },
      {
        field: 'tag',
        key: 'orders',
        relation: m % 2 === 0 ? '>' : '<',
        value: Math.floor((users * (m % 10)) / 10),
      },
      { field: 'last_session', relation: m % 5 === 0 ? '>' : '<', hours_ago: HOURS[m % HOURS.length] },
      { field: 'session_count', relation: '>', value: m % 4 },
    ];
    return [...all.slice(m % 4), ...all.slice(0, m % 4)].slice(0, 1 + (m % 4));
  });
  return groups.flatMap((group, index) => (index === 0 ? group : [{ operator: 'OR' }, ...group]));
}
