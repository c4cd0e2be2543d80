import type { SourceColumn, SourceTable } from '../../model/source.ts';

/** What tables look like to a stranger: a proposal that somebody looks over. */
export interface Guess {
  readonly users: UsersGuess;
  readonly triggers: readonly TriggerGuess[];
}

export interface UsersGuess {
  readonly table: SourceTable;
  readonly key: string;
  readonly email: string | null;
  readonly phone: string | null;
  /** A boolean that says whether the person wants mail. */
  readonly emailConsent: string | null;
  readonly smsConsent: string | null;
  readonly language: string | null;
  readonly country: string | null;
  readonly timezone: string | null;
  readonly tags: readonly string[];
  /** Tables that point at users: their changes make a user worth a look. */
  readonly related: readonly { readonly table: string; readonly column: string }[];
}

/** A table with a column of states, whose rows belong to users. */
export interface TriggerGuess {
  readonly table: SourceTable;
  readonly column: string;
  readonly userColumn: string;
  readonly at: string | null;
}

const USERS = [
  'users',
  'customers',
  'user',
  'customer',
  'members',
  'accounts',
  'contacts',
  'people',
  'subscribers',
];
const MOST_TAGS = 8;
const PERSONAL = /pass|hash|secret|token|ssn|iban|card|address|street|zip|postal|birth|note|comment/i;

/** null where no table has one row a person: none with a key of one column and a name or an address that fits. */
export function guessShop(tables: readonly SourceTable[], named?: SourceTable): Guess | null {
  const users = named ?? mostLike(tables);
  if (users === undefined || users.key.length !== 1) return null;
  const related = relatedTo(users, tables);
  return { users: guessUsers(users, related), triggers: guessTriggers(tables, related) };
}

function mostLike(tables: readonly SourceTable[]): SourceTable | undefined {
  return tables
    .filter(({ key }) => key.length === 1)
    .map((table) => ({ table, score: scoreOf(table) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)[0]?.table;
}

function scoreOf(table: SourceTable): number {
  const name = bare(table.name).toLowerCase();
  const place = USERS.indexOf(name);
  const named = place === -1 ? 0 : 20 - place;
  return (
    named +
    (find(table, /e_?mail/i, 'string') === null ? 0 : 15) +
    (find(table, /phone|mobile/i, 'string') === null ? 0 : 5)
  );
}

function guessUsers(table: SourceTable, related: UsersGuess['related']): UsersGuess {
  const [key = 'id'] = table.key;
  const found = {
    email: find(table, /^e_?mail(_address)?$/i, 'string') ?? find(table, /e_?mail/i, 'string'),
    phone: find(table, /phone|mobile|msisdn/i, 'string'),
    emailConsent:
      find(
        table,
        /(mail|newsletter|marketing).*(opt|consent|sub|allow|want|ok)|(opt|consent|sub|allow|want)\w*.*(mail|newsletter|marketing)/i,
        'boolean',
      ) ?? find(table, /opt_?(ed_)?in|consent|subscribed/i, 'boolean'),
    smsConsent: find(table, /sms/i, 'boolean'),
    language: find(table, /^(lang(uage)?|locale)(_code)?$/i, 'string'),
    country: find(table, /^country(_code)?$/i, 'string'),
    timezone: find(table, /^time_?zone$/i, 'string'),
  };
  const used = new Set<string | null>([key, ...Object.values(found)]);
  const tags = table.columns
    .filter(
      ({ name, type }) => !used.has(name) && !PERSONAL.test(name) && type !== 'unknown' && type !== 'Buffer',
    )
    .filter(({ name }) => !/^(created|updated|deleted)_?(at|on)?$|_id$/i.test(name))
    .map(({ name }) => name);
  return { table, key, ...found, tags: tags.slice(0, MOST_TAGS), related };
}

function relatedTo(users: SourceTable, tables: readonly SourceTable[]): UsersGuess['related'] {
  const singular = bare(users.name).replace(/s$/, '');
  const wanted = new Set([
    `${singular}_id`,
    `${singular}id`,
    'user_id',
    'userid',
    'customer_id',
    'customerid',
  ]);
  return tables.flatMap((table) => {
    if (table === users || table.key.length === 0) return [];
    const column = table.columns.find(({ name }) => wanted.has(name.toLowerCase()));
    return column === undefined ? [] : [{ table: table.name, column: column.name }];
  });
}

function guessTriggers(tables: readonly SourceTable[], related: UsersGuess['related']): TriggerGuess[] {
  return related.flatMap(({ table: name, column: userColumn }) => {
    const table = tables.find((table) => table.name === name);
    const column = table === undefined ? null : find(table, /^(\w+_)?(status|state)$/i, 'string');
    if (table === undefined || column === null) return [];
    return [{ table, column, userColumn, at: find(table, /^updated_?(at|on)$/i, 'Date') }];
  });
}

function find({ columns }: SourceTable, name: RegExp, type: SourceColumn['type']): string | null {
  return columns.find((column) => name.test(column.name) && column.type === type)?.name ?? null;
}

function bare(table: string): string {
  return table.split('.').at(-1) ?? table;
}
