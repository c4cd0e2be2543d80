/** Members of one thing that differ, by name. */
export type Changes = Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;

/** Texts of templates and the like: their beginning is enough to recognize them. */
const LONGEST = 200;

/**
 * What differs between two versions of a thing, long values cut. Absent and null are the same. Both
 * must be free of secrets.
 */
export function changesBetween(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Changes {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const from = before[name] ?? null;
      const to = after[name] ?? null;
      return JSON.stringify(from) === JSON.stringify(to)
        ? []
        : [[name, { from: shorten(from), to: shorten(to) }]];
    }),
  );
}

/** A value whose JSON is long becomes the beginning of its text. */
function shorten(value: unknown): unknown {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text.length <= LONGEST) return value;
  // Half of a surrogate pair cannot be stored.
  return `${text.slice(0, LONGEST).replace(/\p{Surrogate}$/u, '')}…`;
}
