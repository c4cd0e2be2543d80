import { typeName } from '../types/write-types.ts';
import type { Guess, TriggerGuess, UsersGuess } from './guess-shop.ts';

export interface Proposal {
  readonly name: string;
  /** The call that makes the source, such as `postgres({ url: ... })`, and what it imports. */
  readonly source: { readonly call: string; readonly imports: string };
  readonly typesFile: string;
  readonly guess: Guess;
}

/** A configuration for people to look over: what was guessed is marked so. */
export function writeConfig({ name, source, typesFile, guess }: Proposal): string {
  const { users, triggers } = guess;
  const types = [...new Set([users.table.name, ...triggers.map(({ table }) => table.name)])].map(typeName);
  const helpers = [
    'defineConnector',
    users.email === null ? null : 'email',
    source.imports,
    users.phone === null ? null : 'sms',
    'sql',
    'table',
    'tag',
  ];
  return `import { ${helpers.filter((name) => name !== null && (name !== 'table' || triggers.length > 0)).join(', ')} } from '@carillon/connector';
import type { ${types.join(', ')} } from './${typesFile.replaceAll('\\\\', '/')}';

// Lines marked "guessed" come from the names of your columns: look at them, then run plan.
export default defineConnector({
  name: '${name}',
  source: ${source.call},
  target: {
    url: process.env['CARILLON_URL'] ?? '',
    appId: process.env['CARILLON_APP_ID'] ?? '',
    apiKey: process.env['CARILLON_API_KEY'] ?? '',
  },

  users: {
    model: sql<${typeName(users.table.name)}>\`SELECT * FROM ${users.table.name}\`, // guessed
    key: '${users.key}',
    dirtyWhen: { ${quoteKey(users.table.name)}: '${users.key}' },
    // A word before the number: "1" alone is refused, because programs send it when they have no id.
    externalId: (row) => \`${prefixOf(users)}\${row${access(users.key)}}\`,
${fieldsOf(users)}
  },
${triggersOf(users, triggers)}
  // What happens to messages comes back into this table: check tells the statement that makes it.
  // back: { table: 'message_events' },
});
`;
}

function fieldsOf(users: UsersGuess): string {
  const row = typeName(users.table.name);
  const tags = users.tags.map((column) => `      ${quoteKey(column)}: tag('${column}'),`);
  const addresses = [
    users.email === null ? null : `      ${addressOf('email', users.email, users.emailConsent, row)}`,
    users.phone === null ? null : `      ${addressOf('sms', users.phone, users.smsConsent, row)}`,
  ].filter((line) => line !== null);
  return [
    ...(['language', 'country', 'timezone'] as const).flatMap((field) =>
      users[field] === null ? [] : [`    ${field}: '${users[field]}', // guessed`],
    ),
    ...(tags.length === 0 ? [] : ['    tags: {', ...tags, '    },']),
    ...(addresses.length === 0 ? [] : ['    subscriptions: [', ...addresses, '    ],']),
  ].join('\n');
}

function addressOf(kind: 'email' | 'sms', column: string, consent: string | null, row: string): string {
  return consent === null
    ? `${kind}('${column}', { enabled: () => false }), // guessed; no column says who wants it: nobody is written to until you say`
    : `${kind}('${column}', { enabled: (row: ${row}) => row${access(consent)} === true }), // guessed`;
}

function triggersOf(users: UsersGuess, triggers: readonly TriggerGuess[]): string {
  if (triggers.length === 0) return '';
  const events = triggers.map(({ table, column, userColumn }) => {
    const name = `${table.name.replaceAll('.', '_').replace(/s$/, '')}_done`;
    const key = table.key[0] ?? 'id';
    return `  //   ${name}: {
  //     on: { table: table<${typeName(table.name)}>('${table.name}'), becomes: { ${quoteKey(column)}: 'done' } }, // guessed: name the state
  //     user: (row) => \`${prefixOf(users)}\${row${access(userColumn)}}\`,
  //     data: (row) => ({ ${quoteKey(key)}: row${access(key)} }),
  //   },`;
  });
  return `
  // A row that reaches a state is an event, once: take the marks away and name the state.
  // events: {
${events.join('\n')}
  // },
`;
}

/** `customer-` for customers. */
function prefixOf({ table }: UsersGuess): string {
  return `${(table.name.split('.').at(-1) ?? '').toLowerCase().replace(/s$/, '')}-`;
}

function quoteKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`;
}

function access(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `['${name}']`;
}
