/** The 15 columns of the file. */
export const COLUMNS = [
  'external_id',
  'email',
  'subscribed',
  'language',
  'timezone_id',
  'country',
  'lat',
  'long',
  'created_at',
  'last_active',
  'first_name',
  'plan',
  'city',
  'orders',
  'note',
] as const;

const ZONES = ['Europe/Amsterdam', 'America/New_York', 'Asia/Kolkata', 'Australia/Sydney'];
const LANGUAGES = ['en', 'nl', 'de', 'fr'];
const COUNTRIES = ['NL', 'US', 'IN', 'AU'];

/** A row with quotes and commas where people have them; the same in every run. `changed`: one in five of a second file. */
export function rowOf(n: number, changed = false): string {
  const spread = (Math.imul(n, 2_654_435_761) >>> 0).toString(36);
  const orders = changed && n % 5 === 0 ? '77' : String(n % 50);
  return `user-${spread}-${n},p${spread}.${n}@example.com,${n % 9 === 0 ? 'no' : 'yes'},${LANGUAGES[n % 4]},${ZONES[n % 4]},${COUNTRIES[n % 4]},${(n % 90) + 0.25},${(n % 180) + 0.5},2024-01-${String((n % 28) + 1).padStart(2, '0')}T10:00:00Z,2025-06-${String((n % 28) + 1).padStart(2, '0')}T12:30:00Z,"Person ""${n}""",gold,"Utrecht, NL",${orders},likes tea\r\n`;
}

/** The file in pieces, so that no more than one is ever in memory. */
export function* fileOf(rows: number, changed = false): Generator<Buffer> {
  yield Buffer.from(`${COLUMNS.join(',')}\r\n`);
  const PIECE = 500;
  for (let first = 0; first < rows; first += PIECE) {
    let piece = '';
    for (let n = first; n < Math.min(rows, first + PIECE); n += 1) piece += rowOf(n, changed);
    yield Buffer.from(piece);
  }
}
