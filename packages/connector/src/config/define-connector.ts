import { join } from 'node:path';
import { ConfigInvalid } from './config-invalid.ts';
import { checkBack } from './back.ts';
import type { Back } from './back.ts';
import { checkUsers } from './check-users.ts';
import type { AfterReject, Connector, EventTrigger, MessageTrigger, UsersModel } from './config.ts';
import { homeKeysOf } from '../home/seal.ts';
import { parseDuration } from './duration.ts';
import type { SourceConfig } from './source-config.ts';
import { targetOf } from './target.ts';
import type { TargetConfig } from './target.ts';

export interface ConnectorConfig<
  User extends object,
  Events extends Record<string, object>,
  Messages extends Record<string, object>,
> {
  /** Lower-case letters, digits and underscores, at most 40. 'carillon' when absent. */
  readonly name?: string;
  readonly source: SourceConfig;
  readonly target: TargetConfig;
  readonly home?: string;
  /**
   * Encrypts what is personal in the home: the base64 of 32 bytes, or several of them separated by
   * commas, the current one first. In the clear when absent.
   */
  readonly homeKeys?: string;
  readonly users?: UsersModel<User>;
  readonly events?: { readonly [Name in keyof Events]: EventTrigger<Events[Name]> };
  readonly messages?: { readonly [Name in keyof Messages]: MessageTrigger<Messages[Name]> };
  readonly back?: Back;
  /**
   * What becomes of a user's later events and messages when one is rejected: 'go-on' (when absent), or
   * 'hold-user', where they become rejects, too, until that one is sent again.
   */
  readonly afterReject?: AfterReject;
}

/**
 * Checks a configuration and fills in what it leaves out.
 *
 * @throws ConfigInvalid naming the field, the rule and the fix.
 */
export function defineConnector<
  User extends object,
  Events extends Record<string, object>,
  Messages extends Record<string, object>,
>(config: ConnectorConfig<User, Events, Messages>): Connector {
  const name = config.name ?? 'carillon';
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(name)) {
    throw new ConfigInvalid('name', 'begins with a letter and holds a-z, 0-9 and _ only, at most 40');
  }
  const target = targetOf(config.target);
  for (const [field, value] of Object.entries({
    ...sourceAddress(config.source),
    'target.url': target.url,
    'target.appId': target.appId,
    'target.apiKey': target.apiKey,
  })) {
    if (typeof value !== 'string' || value === '') throw new ConfigInvalid(field, 'is missing');
  }
  const connector: Connector = {
    name,
    source: config.source,
    target,
    home: config.home ?? join('.carillon', name),
    homeKeys: homeKeysOf(config.homeKeys ?? null),
    // Row types end here: a function of one row type is called with rows of that table only.
    users: (config.users ?? null) as unknown as Connector['users'],
    events: (config.events ?? {}) as unknown as Connector['events'],
    messages: (config.messages ?? {}) as unknown as Connector['messages'],
    back: config.back ?? null,
    afterReject: config.afterReject ?? 'go-on',
  };
  for (const [trigger, { on }] of Object.entries({ ...connector.events, ...connector.messages })) {
    if (Object.keys(on.becomes).length === 0)
      throw new ConfigInvalid(`${trigger}.on.becomes`, 'names no column');
  }
  for (const [trigger, { maxAge, maxPerMinute = 1 }] of Object.entries(connector.messages)) {
    if (maxAge !== undefined) parseDuration(`messages.${trigger}.maxAge`, maxAge);
    if (!Number.isSafeInteger(maxPerMinute) || maxPerMinute < 1)
      throw new ConfigInvalid(`messages.${trigger}.maxPerMinute`, 'is a whole number above 0');
  }
  if (connector.users !== null) checkUsers(connector.users);
  if (connector.back !== null) checkBack(connector.back);
  return connector;
}

/** Where the source is: the field that says so, and what it says. */
function sourceAddress(source: SourceConfig): Record<string, string> {
  switch (source.kind) {
    case 'postgres':
    case 'mysql':
    case 'redshift':
    case 'databricks':
      return { 'source.url': source.url };
    case 'sqlite':
      return { 'source.path': source.path };
    case 'snowflake':
      return {
        'source.account': source.account,
        'source.user': source.user,
        'source.privateKey': source.privateKey,
        'source.warehouse': source.warehouse,
        'source.database': source.database,
      };
    case 'salesforce':
      return { 'source.url': source.url, 'source.clientId': source.clientId };
    case 'hubspot':
      return { 'source.token': source.token };
    case 'bigquery':
      return { 'source.credentials': source.credentials };
    case 'files':
      return Object.fromEntries(
        Object.entries(source.tables).map(([name, { path }]) => [`source.tables.${name}.path`, path]),
      );
  }
}
