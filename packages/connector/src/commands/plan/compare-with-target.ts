import type { Client, User } from '@carillon/client';
import { asText } from '../../model/as-text.ts';
import type { MappedUser } from '../../model/map-user.ts';

/** One thing of a user that would become another. */
export interface FieldChange {
  readonly field: string;
  /** null where it is not there. */
  readonly before: string | null;
  readonly after: string | null;
}

/** How a user is at the target, or null where it is not there or cannot be read. */
export async function viewAtTarget(client: Client, externalId: string): Promise<User | null> {
  const answer = await client.users.view({ label: 'external_id', id: externalId });
  return answer.ok ? answer.value : null;
}

/** Pure: what would become of the user at the target, field by field. */
export function compareWithTarget(
  there: Pick<User, 'properties' | 'subscriptions'>,
  user: MappedUser,
): FieldChange[] {
  const { tags, ...properties } = user.properties;
  const had = there.properties as { readonly tags?: Readonly<Record<string, string>> } & Readonly<
    Record<string, unknown>
  >;
  const changes: FieldChange[] = [
    ...Object.entries(properties).map(([field, after]) => ({
      field,
      before: textOf(had[field]),
      after: textOf(after),
    })),
    ...Object.entries(tags).map(([field, after]) => ({
      field,
      before: textOf(had.tags?.[field]),
      after: textOf(after),
    })),
  ];
  for (const { type, token, enabled } of user.subscriptions) {
    const field = type.toLowerCase();
    const same = there.subscriptions.find(
      (it) => it.type === type && it.token.toLowerCase() === token.toLowerCase(),
    );
    if (same === undefined) {
      const other = there.subscriptions.find((it) => it.type === type);
      changes.push({ field, before: other?.token ?? null, after: token });
      if (!enabled) changes.push({ field: `${field}.enabled`, before: null, after: 'false' });
    } else
      changes.push({
        field: `${field}.enabled`,
        before: String(same.enabled ?? true),
        after: String(enabled),
      });
  }
  return changes.filter(({ before, after }) => before !== after);
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined || value === '' ? null : asText(value);
}
