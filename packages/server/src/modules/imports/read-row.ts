import type { CreateUserBody, ImportRejection, ImportSettings, SubscriptionInput } from '@carillon/wire';
import { ApiError } from '../../platform/http/api-error.ts';
import { parseCreateUser } from '../identity/index.ts';
import type { UserWrite, WriteContext } from '../identity/index.ts';
import type { Columns } from './columns.ts';
import type { Row } from './csv/row.ts';
import { FORMER_ID_LABEL } from './meaning.ts';
import { fieldReader } from './read-field.ts';
import { RowRejected, rejectionOf } from './rejection.ts';
import type { ColumnOfField } from './rejection.ts';
import { newDraft } from './row-draft.ts';
import type { RowDraft } from './row-draft.ts';

/** What a row asks for, or why nothing comes of it. */
export type ReadRow =
  | {
      readonly kind: 'write';
      readonly line: number;
      readonly write: UserWrite;
      /** Whether its email address gets no mails at all; null leaves that as it is. */
      readonly suppression: { readonly email: string; readonly isSuppressed: boolean } | null;
    }
  | { readonly kind: 'rejected'; readonly rejection: ImportRejection };

/** Reads the rows of one file as writes of POST /apps/{app_id}/users, with the same rules. */
export class RowReader {
  readonly columnOf: ColumnOfField;
  readonly #appId: string;
  readonly #width: number;
  readonly #fields: readonly { readonly place: number; readonly read: ReturnType<typeof fieldReader> }[];
  /** Tags that a blank value removes, by the places of their columns. */
  readonly #removed: ReadonlyMap<number, string>;

  constructor(appId: string, { columns }: Columns, { blank_tags: blank = 'keep' }: ImportSettings) {
    this.#appId = appId;
    this.#width = columns.length;
    this.#fields = columns.flatMap((column, place) => {
      const read = fieldReader(column);
      return read === null ? [] : [{ place, read }];
    });
    this.#removed = new Map(
      columns.flatMap(({ meaning }, place) =>
        blank === 'remove' && meaning.kind === 'tag' ? [[place, meaning.key] as const] : [],
      ),
    );
    this.columnOf = columnFinder(columns);
  }

  /** Throws what is no refusal. */
  read(row: Row, context: WriteContext): ReadRow {
    const { line } = row;
    if ('fault' in row) return rejected({ line, column: null, rule: row.fault });
    try {
      const draft = this.#draft(row.fields);
      const write = parseCreateUser(this.#appId, bodyOf(draft), context);
      // Seen in the future it would never be inactive.
      const lastActive = draft.lastActive === null ? null : Math.min(draft.lastActive, context.now);
      const since = draft.since === null ? null : Math.min(draft.since, context.now);
      const life = since === null && lastActive === null ? undefined : { since, lastActive };
      const joinsHolder = write.address === null && write.aliases.length === 0;
      Object.assign(write, { life, joinsHolder });
      return { kind: 'write', line, write, suppression: suppressionOf(draft, write) };
    } catch (error) {
      if (error instanceof RowRejected) return rejected({ line, column: error.column, rule: error.rule });
      if (error instanceof ApiError) return rejected(rejectionOf(line, error, this.columnOf));
      throw error;
    }
  }

  #draft(fields: readonly string[]): RowDraft {
    if (fields.length !== this.#width) {
      throw new RowRejected(null, `has ${fields.length} values where the first line has ${this.#width}`);
    }
    const draft = newDraft();
    for (const { place, read } of this.#fields) {
      const value = fields[place]?.trim() ?? '';
      if (value !== '') {
        read?.(draft, value);
        continue;
      }
      const key = this.#removed.get(place);
      if (key !== undefined) draft.tags[key] = '';
    }
    return draft;
  }
}

function rejected(rejection: ImportRejection): ReadRow {
  return { kind: 'rejected', rejection };
}

function bodyOf(draft: RowDraft): CreateUserBody {
  const { identity, formerId, tags, properties } = draft;
  const subscriptions = subscriptionsOf(draft);
  if (formerId !== null && identity['external_id'] === undefined) identity[FORMER_ID_LABEL] = formerId;
  if (Object.keys(identity).length === 0 && subscriptions.length === 0) {
    throw new RowRejected(null, 'names nobody: it has no external id, no address and no other identifier');
  }
  return { identity, properties: { ...properties, tags }, subscriptions };
}

function subscriptionsOf(draft: RowDraft): SubscriptionInput[] {
  const { email, phoneNumber, token, type, subscriptionId } = draft;
  const consent = optInOf(draft);
  const subscriptions: SubscriptionInput[] = [];
  if (email !== null) subscriptions.push({ type: 'Email', token: email, ...consent });
  if (phoneNumber !== null) subscriptions.push({ type: 'SMS', token: phoneNumber, ...consent });
  if (subscriptionId !== null) subscriptions.push({ id: subscriptionId, ...toldOf(draft, consent) });
  if (token !== null) {
    if (type === null) throw new RowRejected(null, 'has a token and no type');
    subscriptions.push({ type, token, ...toldOf(draft, consent) });
  }
  if (subscriptions.length === 0 && draft.subscribed !== null && draft.type === null) {
    throw new RowRejected(null, 'says who is subscribed, and has no email, phone_number or subscription_id');
  }
  return subscriptions;
}

/** What a row tells of a device. */
function toldOf(
  { device, sessionCount, sessionTime }: RowDraft,
  consent: SubscriptionInput,
): SubscriptionInput {
  return {
    ...consent,
    ...device,
    ...(sessionCount !== null && { session_count: sessionCount }),
    ...(sessionTime !== null && { session_time: sessionTime }),
  };
}

/** A reason says more than yes or no, as long as they agree. */
function optInOf({ subscribed, notificationTypes }: RowDraft): SubscriptionInput {
  if (notificationTypes === null) return subscribed === null ? {} : { enabled: subscribed };
  if (subscribed !== null && subscribed !== notificationTypes > 0) return { enabled: subscribed };
  return { notification_types: notificationTypes };
}

function suppressionOf({ suppressed, email }: RowDraft, { subscriptions }: UserWrite) {
  if (suppressed === null) return null;
  const address = email === null ? undefined : subscriptions[0]?.address;
  if (address === undefined || address === null) {
    throw new RowRejected(null, 'says that an address is suppressed, and has no email');
  }
  return { email: address.token, isSuppressed: suppressed };
}

/** The columns by the fields of a write: as `identity` and its neighbours call them. */
function columnFinder(columns: Columns['columns']): ColumnOfField {
  const names = new Map<string, string>();
  for (const { name, meaning } of columns) {
    if (meaning.kind === 'tag') names.set(`properties.tags.${meaning.key}`, name);
    else if (meaning.kind === 'alias') names.set(`identity.${meaning.label}`, name);
    else names.set(meaning.word, name);
  }
  const word = (...words: string[]) => {
    for (const one of words) if (names.has(one)) return names.get(one) ?? null;
    return null;
  };
  return (field, rule) => {
    const exact = names.get(field);
    if (exact !== undefined) return exact;
    if (field === 'tag-limit' || field.startsWith('properties.tags')) return word('tags');
    if (field === 'subscription-0') return word('subscription_id');
    if (field === 'user-not-found') return word('onesignal_id');
    if (field === 'request-1')
      return rule.includes('subscription') ? word('subscription_id') : word('onesignal_id');
    if (field === 'subscription.type') return word('type', 'device_type');
    if (field === 'subscription.token') {
      if (rule.includes('of type Email')) return word('email', 'token');
      return rule.includes('of type SMS')
        ? word('phone_number', 'token')
        : word('token', 'email', 'phone_number');
    }
    return word(field.replace(/^(?:identity|properties|subscription)\./, ''), 'aliases');
  };
}
