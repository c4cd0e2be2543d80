/** As much of JSON Schema (2020-12) as the YAML form needs, and as `findFaults` understands. */
export interface Schema {
  readonly type: 'object' | 'array' | 'string' | 'number' | 'boolean' | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** What entries of any name hold; false where only the named ones are allowed. */
  readonly additionalProperties?: Schema | false;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly pattern?: string;
}

const text = (description: string): Schema => ({ type: 'string', description });
const oneOf = (description: string, ...words: readonly string[]): Schema => ({
  type: 'string',
  description,
  enum: words,
});
const span = (description: string): Schema => ({
  type: 'string',
  description,
  pattern: '^[0-9]+(ms|s|m|h|d)$',
});
const map = (description: string, of: Schema): Schema => ({
  type: 'object',
  description,
  additionalProperties: of,
});
const part = (
  description: string,
  properties: Readonly<Record<string, Schema>>,
  ...required: readonly string[]
): Schema => ({ type: 'object', description, properties, required, additionalProperties: false });

const SCALAR: Schema = { type: ['string', 'number', 'boolean', 'null'], description: 'the value to reach' };

const ON = part(
  'the row reaches a state: it is inserted with these values or changed to them',
  {
    table: text('table, schema.table outside of public'),
    becomes: map('column to the value it reaches', SCALAR),
  },
  'table',
  'becomes',
);

const MODEL: Schema = {
  type: ['string', 'object'],
  description: 'one row a user: SQL, or { file } with SQL in a file beside this one',
  properties: { file: text('path from this file') },
  required: ['file'],
  additionalProperties: false,
};

const TAG: Schema = {
  type: ['string', 'object'],
  description: 'a column, or a column with decimal places to round to',
  properties: { column: text('column'), round: { type: 'number', description: 'decimal places' } },
  required: ['column'],
  additionalProperties: false,
};

const SUBSCRIPTION = part(
  'an address; null in the column is none',
  {
    type: oneOf('what it is', 'email', 'sms'),
    column: text('column of the address'),
    enabled: text('boolean column: may it be written to? Always when absent'),
    consentAt: text('column with when the person last said so'),
    normalize: oneOf('sms: read numbers as people write them', 'E.164'),
    defaultCountry: text('sms: country of numbers without a country code, such as US'),
  },
  'type',
  'column',
);

const USERS = part(
  'rows become users',
  {
    model: MODEL,
    key: text('the unique column of the model'),
    dirtyWhen: map(
      'table to the column that holds the key: a change there makes that user worth a look',
      text('column'),
    ),
    externalId: text('a column, or a text with columns in braces such as customer-{id}; the key when absent'),
    aliases: map('label to column', text('column')),
    language: text('column'),
    country: text('column'),
    timezone: text('column'),
    tags: map('tag to column', TAG),
    subscriptions: { type: 'array', description: 'addresses', items: SUBSCRIPTION },
    onDelete: oneOf(
      'what happens to a user whose row is gone; ignore when absent',
      'ignore',
      'unsubscribe',
      'delete',
    ),
    limits: part('brakes', {
      maxDeletes: {
        type: ['string', 'number'],
        description: 'more users than this gone at once stop the run: 1% or a number',
      },
    }),
  },
  'model',
  'key',
  'dirtyWhen',
);

const DATA = map('name to column', text('column'));

const EVENT = part(
  'a custom event, once for each row that reaches the state',
  {
    on: ON,
    user: text('external id: a column, or a text with columns in braces'),
    at: text('column with when it happened'),
    data: DATA,
  },
  'on',
  'user',
);

const MESSAGE = part(
  'a message, once for each row that reaches the state',
  {
    on: ON,
    to: part(
      'to whom',
      {
        externalId: text('a column, or a text with columns in braces'),
        channel: oneOf('by which way', 'push', 'email', 'sms'),
      },
      'externalId',
      'channel',
    ),
    template: text('id or name of the template'),
    data: DATA,
    maxAge: span('older news is not sent, such as 2h'),
    maxPerMinute: { type: 'number', description: 'more in a minute stop the run' },
  },
  'on',
  'to',
  'template',
);

const BACK = part(
  'what happens to messages becomes rows of a table',
  {
    table: text('the table'),
    keep: {
      type: 'array',
      description: 'kinds to keep; all when absent',
      items: text('sent, delivered, opened ...'),
    },
    writes: map(
      'kind to SQL that takes an event into tables of your own; :externalId, :address, :at and the like are its values',
      text('SQL'),
    ),
    receive: part('where receive listens for events that the target posts', {
      port: { type: 'number', description: '4180 when absent' },
      host: text('127.0.0.1 when absent'),
      path: text('/events when absent'),
      signedWith: text('secret after Standard Webhooks, whsec_...'),
      secretHeader: part(
        'a header that only the target knows the value of',
        { name: text('its name'), value: text('its value') },
        'name',
        'value',
      ),
    }),
  },
  'table',
);

/** The YAML form of a configuration: checked by it, documented by it. */
export const CONFIG_SCHEMA: Schema = part(
  'a connector; ${NAME} in any text is a variable of the environment',
  {
    name: {
      type: 'string',
      description: 'names slot, publication and idempotency keys; carillon when absent',
      pattern: '^[a-z][a-z0-9_]{0,39}$',
    },
    source: {
      type: 'object',
      description: 'where the rows are: kind, and what that kind takes in TypeScript',
      properties: {
        kind: oneOf(
          'which kind',
          'postgres',
          'mysql',
          'sqlite',
          'files',
          'snowflake',
          'bigquery',
          'databricks',
          'redshift',
          'salesforce',
          'hubspot',
        ),
        url: text('postgres, mysql: address with user and password'),
        path: text('sqlite: the file'),
      },
      required: ['kind'],
    },
    target: {
      type: 'object',
      description: 'what is fed',
      properties: {
        kind: oneOf('carillon when absent', 'carillon', 'onesignal'),
        url: text('of the server'),
        appId: text('the app'),
        apiKey: text('its key'),
      },
      required: ['appId', 'apiKey'],
    },
    home: text('folder of what must survive; .carillon/NAME when absent'),
    homeKeys: text(
      'encrypts what is personal in the home: the base64 of 32 bytes, or several separated by commas, the current one first',
    ),
    users: USERS,
    events: map('name to event', EVENT),
    messages: map('name to message', MESSAGE),
    back: BACK,
  },
  'source',
  'target',
);
