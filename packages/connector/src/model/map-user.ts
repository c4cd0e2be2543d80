import { asText } from './as-text.ts';
import type { UsersModel } from '../config/config.ts';
import type { From, Row, TagField } from '../config/fields.ts';
import type { Reject } from './reject.ts';

/** What the destination should know of one user. */
export interface MappedUser {
  readonly key: string;
  readonly externalId: string;
  /** Label to name, without external_id. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly properties: {
    /** "" removes the tag. */
    readonly tags: Readonly<Record<string, string>>;
    readonly language?: string;
    readonly country?: string;
    readonly timezone_id?: string;
  };
  readonly subscriptions: readonly {
    readonly type: 'Email' | 'SMS';
    readonly token: string;
    readonly enabled: boolean;
  }[];
}

export interface Mapping {
  /** null where the row cannot be a user at all. */
  readonly user: MappedUser | null;
  readonly rejects: readonly Reject[];
}

/** Pure: the same row always gives the same user. */
export function mapUser(model: UsersModel<Row>, row: Row): Mapping {
  const key = asText(row[model.key]);
  const rejects: Reject[] = [];
  const refuse = (field: string, rule: string) => rejects.push({ what: 'user', key, field, rule });
  const externalId = model.externalId === undefined ? key : model.externalId(row);
  if (typeof externalId !== 'string' || externalId === '') {
    refuse('externalId', 'is a text that is not empty');
    return { user: null, rejects };
  }

  const tags: Record<string, string> = {};
  for (const [name, field] of Object.entries(model.tags ?? {})) {
    const text = tagText(field, read(field.from, row));
    if (text === null) refuse(`tags.${name}`, 'is text, a number, a boolean, a time or null');
    else tags[name] = text;
  }

  const subscriptions: { type: 'Email'; token: string; enabled: boolean }[] = [];
  for (const field of model.subscriptions ?? []) {
    const token = textOf(read(field.from, row))?.trim() ?? '';
    if (token === '') continue;
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(token)) refuse('email', 'is not an email address');
    else subscriptions.push({ type: field.type, token, enabled: field.enabled?.(row) ?? true });
  }

  const language = textOf(read(model.language, row))?.toLowerCase();
  const country = textOf(read(model.country, row))?.toUpperCase();
  const timezone = textOf(read(model.timezone, row));
  const properties = {
    tags,
    ...(language === undefined ? {} : { language }),
    ...(country === undefined ? {} : { country }),
    ...(timezone === undefined ? {} : { timezone_id: timezone }),
  };
  return { user: { key, externalId, aliases: {}, properties, subscriptions }, rejects };
}

function read(from: From<Row> | undefined, row: Row): unknown {
  if (from === undefined) return undefined;
  return typeof from === 'function' ? from(row) : row[from];
}

function textOf(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : asText(value);
}

/** null where the value has no text. */
function tagText(field: TagField<From<Row>>, value: unknown): string | null {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return String(Math.floor(value.getTime() / 1000));
  if (typeof value === 'object' || typeof value === 'function' || typeof value === 'symbol') return null;
  if (field.round === undefined || typeof value === 'boolean') return asText(value);
  const number = Number(value);
  return Number.isNaN(number) ? asText(value) : String(Number(number.toFixed(field.round)));
}
