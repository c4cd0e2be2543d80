import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { Back } from '../back.ts';
import { ConfigInvalid } from '../config-invalid.ts';
import type { Connector, EventTrigger, MessageTrigger, Recipient, UsersModel } from '../config.ts';
import { defineConnector } from '../define-connector.ts';
import type { Row, SubscriptionField, From } from '../fields.ts';
import { dataFrom, isTrue, statementFrom, textFrom } from './from-columns.ts';
import { readYaml } from './read-yaml.ts';
import { CONFIG_SCHEMA } from './schema.ts';
import { makeSource, makeTarget } from './make-ends.ts';
import type {
  YamlBack,
  YamlConfig,
  YamlEvent,
  YamlMessage,
  YamlSubscription,
  YamlUsers,
} from './yaml-config.ts';

/** A configuration written in YAML, in the form that one in TypeScript has. */
export function defineFromYaml(path: string): Connector {
  const file = relative(process.cwd(), path);
  const config = readYaml(file, readFileSync(path, 'utf8'), CONFIG_SCHEMA, process.env) as YamlConfig;
  return defineConnector<Row, Record<string, Row>, Record<string, Row>>({
    ...(config.name === undefined ? {} : { name: config.name }),
    ...(config.home === undefined ? {} : { home: config.home }),
    ...(config.homeKeys === undefined ? {} : { homeKeys: config.homeKeys }),
    source: makeSource(config.source),
    target: makeTarget(config.target),
    ...(config.users === undefined ? {} : { users: usersOf(config.users, dirname(path)) }),
    events: Object.fromEntries(
      Object.entries(config.events ?? {}).map(([name, event]) => [name, eventOf(event)]),
    ),
    messages: Object.fromEntries(
      Object.entries(config.messages ?? {}).map(([name, message]) => [name, messageOf(message)]),
    ),
    ...(config.back === undefined ? {} : { back: backOf(config.back) }),
  });
}

function usersOf(
  { model, externalId, tags = {}, subscriptions = [], ...rest }: YamlUsers,
  folder: string,
): UsersModel<Row> {
  return {
    ...rest,
    model: { text: typeof model === 'string' ? model : readSql(resolve(folder, model.file)), values: [] },
    ...(externalId === undefined ? {} : { externalId: textFrom(externalId) }),
    tags: Object.fromEntries(
      Object.entries(tags).map(([name, tag]) => {
        if (typeof tag === 'string') return [name, { from: tag }];
        return [name, { from: tag.column, ...(tag.round === undefined ? {} : { round: tag.round }) }];
      }),
    ),
    subscriptions: subscriptions.map(subscriptionOf),
  };
}

function subscriptionOf({
  type,
  column,
  enabled,
  ...rest
}: YamlSubscription): SubscriptionField<From<Row>, Row> {
  const may = enabled === undefined ? {} : { enabled: isTrue(enabled) };
  return { type: type === 'email' ? 'Email' : 'SMS', from: column, ...may, ...rest };
}

function eventOf({ user, data, ...rest }: YamlEvent): EventTrigger<Row> {
  return { ...rest, user: textFrom(user), ...(data === undefined ? {} : { data: dataFrom(data) }) };
}

function messageOf({ to, data, ...rest }: YamlMessage): MessageTrigger<Row> {
  const externalId = textFrom(to.externalId);
  const recipient = (row: Row): Recipient => ({ externalId: externalId(row), channel: to.channel });
  return { ...rest, to: recipient, ...(data === undefined ? {} : { data: dataFrom(data) }) };
}

function backOf({ writes, ...rest }: YamlBack): Back {
  if (writes === undefined) return rest;
  const statements = Object.entries(writes).map(
    ([kind, text]) => [kind, statementFrom(`back.writes.${kind}`, text)] as const,
  );
  return { ...rest, writes: Object.fromEntries(statements) };
}

function readSql(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ConfigInvalid('users.model.file', `is not there: ${path}`);
  }
}
