import { Type } from 'typebox';
import type { Static, TSchema } from 'typebox';
import { RATE_LIMIT_RULE, rateLimitSchema } from './rate-limit-setting.ts';

/** One setting: how it is called, what it may be, and what a person needs to know about it. */
export interface Setting<Schema extends TSchema = TSchema> {
  /** The environment variable. */
  readonly variable: string;
  readonly schema: Schema;
  /** The rule in words: ends the sentence "it must be …". */
  readonly rule: string;
  readonly example: string;
  /** What holds when it is not set; null when something else decides, as `about` tells. */
  readonly otherwise: (Static<Schema> & (string | number | boolean)) | null;
  readonly about: string;
  /** Its value is never shown. */
  readonly isSecret?: boolean;
}

function setting<Schema extends TSchema>(setting: Setting<Schema>): Setting<Schema> {
  return setting;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const ROLES = ['all', 'api', 'worker'] as const;
const port = (minimum: number) => Type.Integer({ minimum, maximum: 65_535 });
const ADDRESS = '[0-9A-Fa-f.:]+(/\\d{1,3})?';

/** What an app may do at most, unless it has a limit of its own. */
function rateLimit(variable: string, otherwise: number, what: string) {
  return setting({
    variable,
    schema: rateLimitSchema,
    rule: RATE_LIMIT_RULE,
    example: '10/60',
    otherwise,
    about: `The most requests ${what}. \`100\` is a hundred a second, \`10/60\` ten in a minute, \`off\` any number: see [rate limits](../guides/rate-limits.md).`,
  });
}

/** Where the receivers of the sandbox listen when nothing is set. */
export const SANDBOX_PORTS = {
  smtp: 2525,
  apns: 2526,
  fcm: 2527,
  webPush: 2528,
  twilio: 2529,
  vonage: 2530,
  sns: 2531,
  mailApis: 2532,
  huawei: 2533,
  adm: 2534,
  smpp: 2775,
} as const;

/** Where bounces are taken beside a sandbox when nothing is set. */
export const SANDBOX_BOUNCE_PORT = 2535;

/** Where a receiver of the sandbox listens. */
function sandboxPort(variable: string, usual: number, what: string) {
  return setting({
    variable,
    schema: port(0),
    rule: 'a whole number from 0 to 65535',
    example: String(usual),
    otherwise: null,
    about: `The ${what} of the sandbox. 0 takes any free port. When not set: ${usual}, or any free port when that is taken.`,
  });
}

/** Every setting, by its name in the configuration file. */
export const SETTINGS = {
  databaseUrl: setting({
    variable: 'DATABASE_URL',
    schema: Type.String({ pattern: '^postgres(ql)?://[^\\s]+$' }),
    rule: 'a PostgreSQL URL',
    example: 'postgres://carillon:secret@db.internal:5432/carillon',
    otherwise: null,
    about:
      'The PostgreSQL (15 or newer) to use. When not set, an embedded PostgreSQL runs in the data folder.',
    isSecret: true,
  }),
  dataDir: setting({
    variable: 'CARILLON_DATA_DIR',
    schema: Type.String({ minLength: 1 }),
    rule: 'the path of a folder',
    example: '/var/lib/carillon-data',
    otherwise: '.carillon',
    about:
      'The folder of the embedded database and of `master.key`. A relative path begins at the working directory.',
  }),
  host: setting({
    variable: 'CARILLON_HOST',
    schema: Type.String({ pattern: '^[^\\s/]+$' }),
    rule: 'an address or a host name without a scheme or a path',
    example: '0.0.0.0',
    otherwise: '127.0.0.1',
    about: 'The address that the HTTP server listens on. `0.0.0.0` is every address of the machine.',
  }),
  port: setting({
    variable: 'CARILLON_PORT',
    schema: port(0),
    rule: 'a whole number from 0 to 65535',
    example: '3000',
    otherwise: 3000,
    about: 'The port of the HTTP server. 0 takes any free port.',
  }),
  publicUrl: setting({
    variable: 'CARILLON_PUBLIC_URL',
    schema: Type.String({ pattern: '^https?://[^\\s/?#]+(/[^\\s?#]*)?$' }),
    rule: 'an http or https URL without a query',
    example: 'https://messages.example.com',
    otherwise: null,
    about:
      'The URL under which recipients reach this server: tracked links and pixels begin with it. When not set, the address and port that the server listens on.',
  }),
  bouncePort: setting({
    variable: 'CARILLON_BOUNCE_PORT',
    schema: port(0),
    rule: 'a whole number from 0 to 65535',
    example: '25',
    otherwise: null,
    about:
      'The port on which this process takes [what other mail servers could not deliver](../guides/email.md#bounces-over-smtp), over SMTP. 0 takes any free port. When not set: none, and with the sandbox 2535 of this machine alone, or any free port when that is taken.',
  }),
  bounceHost: setting({
    variable: 'CARILLON_BOUNCE_HOST',
    schema: Type.String({ pattern: '^[^\\s/]+$' }),
    rule: 'an address or a host name without a scheme or a path',
    example: '0.0.0.0',
    otherwise: '127.0.0.1',
    about:
      'The address that the bounce port listens on. `0.0.0.0` is every address of the machine: other mail servers reach it.',
  }),
  role: setting({
    variable: 'CARILLON_ROLE',
    schema: Type.Enum(ROLES),
    rule: 'all, api or worker',
    example: 'worker',
    otherwise: 'all',
    about:
      'What this process does. `all`: everything. `api`: answers HTTP. `worker`: sends messages and works lanes. `api` and `worker` need DATABASE_URL.',
  }),
  masterKey: setting({
    variable: 'CARILLON_MASTER_KEY',
    schema: Type.String({ pattern: '^[A-Za-z0-9+/_-]{43}=?(\\s*,\\s*[A-Za-z0-9+/_-]{43}=?)*$' }),
    rule: 'the base64 of 32 bytes, or several of them separated by commas, the current one first',
    example: '$(openssl rand -base64 32)',
    otherwise: null,
    about:
      'Encrypts provider credentials and signs links. Required with DATABASE_URL; with the embedded database it is made at the first start and kept in `master.key` in the data folder. Losing it loses what it encrypted. Former keys may follow, separated by commas, to replace a key without a pause.',
    isSecret: true,
  }),
  logLevel: setting({
    variable: 'CARILLON_LOG_LEVEL',
    schema: Type.Enum(LOG_LEVELS),
    rule: 'one of trace, debug, info, warn, error, fatal, silent',
    example: 'debug',
    otherwise: 'info',
    about: 'The least important lines that are logged.',
  }),
  sandbox: setting({
    variable: 'CARILLON_SANDBOX',
    schema: Type.Boolean(),
    rule: 'true or false',
    example: 'true',
    otherwise: null,
    about:
      'Runs the sandbox: local receivers and an inbox page that shows what they received. When not set: true with the embedded database, false with DATABASE_URL.',
  }),
  sandboxSmtpPort: sandboxPort('CARILLON_SANDBOX_SMTP_PORT', SANDBOX_PORTS.smtp, 'SMTP port'),
  sandboxApnsPort: sandboxPort(
    'CARILLON_SANDBOX_APNS_PORT',
    SANDBOX_PORTS.apns,
    'port of Apple’s push service',
  ),
  sandboxFcmPort: sandboxPort(
    'CARILLON_SANDBOX_FCM_PORT',
    SANDBOX_PORTS.fcm,
    'port of Firebase Cloud Messaging',
  ),
  sandboxWebPushPort: sandboxPort(
    'CARILLON_SANDBOX_WEB_PUSH_PORT',
    SANDBOX_PORTS.webPush,
    'port of the web push service',
  ),
  sandboxHuaweiPort: sandboxPort(
    'CARILLON_SANDBOX_HUAWEI_PORT',
    SANDBOX_PORTS.huawei,
    'port of Huawei Push Kit',
  ),
  sandboxAdmPort: sandboxPort(
    'CARILLON_SANDBOX_ADM_PORT',
    SANDBOX_PORTS.adm,
    'port of Amazon Device Messaging',
  ),
  sandboxTwilioPort: sandboxPort(
    'CARILLON_SANDBOX_TWILIO_PORT',
    SANDBOX_PORTS.twilio,
    'port of Twilio’s API',
  ),
  sandboxVonagePort: sandboxPort(
    'CARILLON_SANDBOX_VONAGE_PORT',
    SANDBOX_PORTS.vonage,
    'port of Vonage’s API',
  ),
  sandboxSnsPort: sandboxPort('CARILLON_SANDBOX_SNS_PORT', SANDBOX_PORTS.sns, 'port of Amazon SNS'),
  sandboxMailApisPort: sandboxPort(
    'CARILLON_SANDBOX_MAIL_APIS_PORT',
    SANDBOX_PORTS.mailApis,
    'port for APIs of mail providers',
  ),
  sandboxSmppPort: sandboxPort('CARILLON_SANDBOX_SMPP_PORT', SANDBOX_PORTS.smpp, 'SMPP port'),
  trustedProxies: setting({
    variable: 'CARILLON_TRUSTED_PROXIES',
    schema: Type.String({ pattern: `^${ADDRESS}(\\s*,\\s*${ADDRESS})*$` }),
    rule: 'addresses or address ranges separated by commas',
    example: '127.0.0.1,10.0.0.0/8',
    otherwise: null,
    about:
      'The proxies in front of this server. What they say in `X-Forwarded-For` is taken for the address of the client, which allow-lists of API keys and the limit for calls without a key go by. When not set, nobody is believed, and behind a proxy all clients have one address.',
  }),
  outboundAllowed: setting({
    variable: 'CARILLON_OUTBOUND_ALLOWED',
    schema: Type.String({ pattern: `^${ADDRESS}(\\s*,\\s*${ADDRESS})*$` }),
    rule: 'addresses or address ranges separated by commas',
    example: '10.20.0.0/16,192.168.7.7',
    otherwise: null,
    about:
      'Addresses inside your own network that URLs of apps may lead to: attachments and data feeds. When not set, this server asks machines on the public internet only.',
  }),
  limitMessages: rateLimit('CARILLON_LIMIT_MESSAGES', 20_000, 'of an app that create or cancel messages'),
  limitUsers: rateLimit(
    'CARILLON_LIMIT_USERS',
    50_000,
    'of an app that write users, aliases and subscriptions with a key',
  ),
  limitViews: rateLimit('CARILLON_LIMIT_VIEWS', 50_000, 'of an app that read something with a key'),
  limitEvents: rateLimit('CARILLON_LIMIT_EVENTS', 20_000, 'of an app that bring custom events'),
  limitBulk: rateLimit('CARILLON_LIMIT_BULK', 100, 'of an app that write many users at once'),
  limitExports: rateLimit('CARILLON_LIMIT_EXPORTS', 10, 'of an app that ask for an export'),
  limitManagement: rateLimit(
    'CARILLON_LIMIT_MANAGEMENT',
    1_000,
    'of an app that write anything else: apps, keys, templates, journeys, providers',
  ),
  limitAnonymous: rateLimit(
    'CARILLON_LIMIT_ANONYMOUS',
    500,
    'that one client address makes to an app without a key, as devices and browsers do',
  ),
  databaseConnections: setting({
    variable: 'CARILLON_DATABASE_CONNECTIONS',
    schema: Type.Integer({ minimum: 2, maximum: 1000 }),
    rule: 'a whole number from 2 to 1000',
    example: '20',
    otherwise: 20,
    about: 'The most connections that the main pool of this process opens to the database.',
  }),
  laneLeaseMs: setting({
    variable: 'CARILLON_LANE_LEASE_MS',
    schema: Type.Integer({ minimum: 500, maximum: 600_000 }),
    rule: 'a whole number of milliseconds from 500 to 600000',
    example: '3000',
    otherwise: 3000,
    about:
      'How long a worker owns its lanes without renewing. After a freeze of that length others take over; after a crash they do so at once.',
  }),
  sendLeaseMs: setting({
    variable: 'CARILLON_SEND_LEASE_MS',
    schema: Type.Integer({ minimum: 500, maximum: 600_000 }),
    rule: 'a whole number of milliseconds from 500 to 600000',
    example: '5000',
    otherwise: 5000,
    about:
      'How long the messages that a worker is sending stay its own without renewing. After a crash another worker goes on with them when that time is over. A worker that stands still for longer may send again what it was just sending.',
  }),
  auditLogDays: setting({
    variable: 'CARILLON_AUDIT_LOG_DAYS',
    schema: Type.Integer({ minimum: 1, maximum: 36_500 }),
    rule: 'a whole number of days from 1 to 36500',
    example: '730',
    otherwise: 365,
    about:
      'How long entries of the audit log are kept, and so how far back it can be read. Older ones are deleted once a day.',
  }),
  userHistoryDays: setting({
    variable: 'CARILLON_USER_HISTORY_DAYS',
    schema: Type.Integer({ minimum: 1, maximum: 3_650 }),
    rule: 'a whole number of days from 1 to 3650',
    example: '365',
    otherwise: 90,
    about:
      'How long the history of users is kept: who changed what, when, and with which key. Days that are older are dropped once a day.',
  }),
  feedDays: setting({
    variable: 'CARILLON_FEED_DAYS',
    schema: Type.Integer({ minimum: 2, maximum: 3_650 }),
    rule: 'a whole number of days from 2 to 3650',
    example: '30',
    otherwise: 90,
    about:
      'How long the feed keeps its events for readers and event streams that are behind. Days that are older are dropped once a day; whoever has not read them is told so.',
  }),
  webhookAttemptDays: setting({
    variable: 'CARILLON_WEBHOOK_ATTEMPT_DAYS',
    schema: Type.Integer({ minimum: 1, maximum: 365 }),
    rule: 'a whole number of days from 1 to 365',
    example: '30',
    otherwise: 7,
    about:
      'How long the requests of webhooks that journeys call and what was answered are kept. Days that are older are dropped once a day.',
  }),
  streamAttemptDays: setting({
    variable: 'CARILLON_STREAM_ATTEMPT_DAYS',
    schema: Type.Integer({ minimum: 1, maximum: 365 }),
    rule: 'a whole number of days from 1 to 365',
    example: '30',
    otherwise: 7,
    about:
      'How long the requests of event streams and what was answered are kept. Days that are older are dropped once a day.',
  }),
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

/** The settings with their defaults; null where none was given and none is fixed. */
export type SettingValues = {
  readonly [Name in SettingName]: Static<(typeof SETTINGS)[Name]['schema']> | NullOtherwise<Name>;
};
type NullOtherwise<Name extends SettingName> = Name extends
  | 'databaseUrl'
  | 'publicUrl'
  | 'masterKey'
  | 'bouncePort'
  | 'trustedProxies'
  | 'outboundAllowed'
  | 'sandbox'
  | 'sandboxSmtpPort'
  | 'sandboxApnsPort'
  | 'sandboxFcmPort'
  | 'sandboxWebPushPort'
  | 'sandboxHuaweiPort'
  | 'sandboxAdmPort'
  | 'sandboxTwilioPort'
  | 'sandboxMailApisPort'
  | 'sandboxSmppPort'
  ? null
  : never;

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];
