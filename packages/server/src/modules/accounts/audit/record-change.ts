import type { AuditAction } from '@carillon/wire';
import type { Queryable } from '../../../platform/database/database.ts';
import { newTimedId } from '../../../platform/ids.ts';
import { appendEntry } from './audit-store.ts';
import type { Author } from './author.ts';
import { changesBetween } from './changes-between.ts';

/** Something that was changed, as it is called at the moment. */
export interface ChangeTarget {
  readonly type: string;
  readonly id: string;
  readonly name?: string;
}

/** One change, to be kept beside it. */
export interface Change {
  readonly action: AuditAction;
  /** Of the organization itself when there is no app. The organization may be left out of an app's change. */
  readonly appId: string | null;
  readonly organizationId?: string;
  readonly target: ChangeTarget;
  /** What changed, free of secrets. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/**
 * Puts a change into the audit log of its organization: within the transaction that makes it, so that
 * neither is there without the other. Last in the transaction, or behind `lockOrganization`: it holds
 * the organization's row. Changes of one organization take turns from here to the commit.
 */
export async function recordChange(
  transaction: Queryable,
  now: number,
  author: Author,
  { action, appId, organizationId, target, metadata = {} }: Change,
): Promise<void> {
  const entry = {
    id: newTimedId(now),
    appId,
    action,
    targets: [{ ...target, metadata: {} }],
    metadata,
  };
  switch (author.kind) {
    case 'api-key':
      await appendEntry(
        transaction,
        {
          ...entry,
          organizationId: author.organizationId,
          actor: { type: 'api_key', id: author.keyId, metadata: {} },
          context: { ip: author.ip, user_agent: author.userAgent, metadata: {} },
        },
        now,
      );
      return;
    case 'system':
      await appendEntry(
        transaction,
        {
          ...entry,
          organizationId: organizationId ?? null,
          actor: { type: 'system', metadata: {} },
          context: null,
        },
        now,
      );
  }
}

/** A change of some members of a thing; both versions are free of secrets. */
export interface Update extends Omit<Change, 'metadata'> {
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

/** As `recordChange`, with what differs between two versions. Where nothing does, nothing is recorded. */
export async function recordUpdate(
  transaction: Queryable,
  now: number,
  author: Author,
  { before, after, ...change }: Update,
): Promise<void> {
  const changes = changesBetween(before, after);
  if (Object.keys(changes).length === 0) return;
  await recordChange(transaction, now, author, { ...change, metadata: { changes } });
}
