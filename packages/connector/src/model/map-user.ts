import { asText } from './as-text.ts';
import type { UsersModel } from '../config/config.ts';
import type { Row } from '../config/fields.ts';
import { mapAliases } from './map-aliases.ts';
import { mapLocale } from './map-locale.ts';
import { mapSubscription, nameOf } from './map-subscription.ts';
import { mapTags } from './map-tags.ts';
import type { MappedSubscription, MappedUser } from './mapped-user.ts';
import { readField } from './read-field.ts';
import type { Reject } from './reject.ts';

export type { MappedSubscription, MappedUser } from './mapped-user.ts';

export interface Mapping {
  /** null where the row cannot be a user at all. */
  readonly user: MappedUser | null;
  readonly rejects: readonly Reject[];
}

/**
 * Pure: the same row always gives the same user, in the spelling in which destinations keep it. A
 * field that breaks a rule is a reject and does not hold the others back.
 */
export function mapUser(model: UsersModel<Row>, row: Row): Mapping {
  const key = asText(row[model.key]);
  const rejects: Reject[] = [];
  const refuse = (field: string, rule: string) => rejects.push({ what: 'user', key, field, rule });
  /** A function of the configuration that fails loses its own field only. */
  const attempt = (field: string, map: () => void) => {
    try {
      map();
    } catch (error) {
      refuse(field, `cannot be made: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  let externalId: unknown = key;
  attempt('externalId', () => {
    externalId = model.externalId === undefined ? key : null;
    if (model.externalId !== undefined) externalId = model.externalId(row);
    if (typeof externalId !== 'string' || externalId === '')
      refuse('externalId', 'is a text that is not empty');
  });
  if (typeof externalId !== 'string' || externalId === '') return { user: null, rejects };

  const properties = {
    tags: mapTags(model.tags ?? {}, row, attempt, refuse),
    ...mapLocale(model, row, attempt, refuse),
  };
  const aliases = mapAliases(model, row, attempt, refuse);
  const subscriptions: MappedSubscription[] = [];
  for (const field of model.subscriptions ?? []) {
    attempt(nameOf(field), () => {
      const mapped = mapSubscription(field, row, refuse);
      const isThere = subscriptions.some(
        ({ type, token }) => type === mapped?.type && token === mapped.token,
      );
      if (mapped !== null && !isThere) subscriptions.push(mapped);
    });
  }
  const replaces: string[] = [];
  attempt('replaces', () => {
    replaces.push(...replacedBy(readField(model.replaces, row)).filter((id) => id !== externalId));
  });
  return { user: { key, externalId, aliases, properties, subscriptions, replaces }, rejects };
}

function replacedBy(value: unknown): string[] {
  const ids: readonly unknown[] = Array.isArray(value) ? value : [value];
  return ids.flatMap((id) => (id === null || id === undefined || id === '' ? [] : [asText(id)])).toSorted();
}
