import type { AuditAction } from '@carillon/wire';
import type { Queryable } from '../../platform/database/database.ts';
import { recordChange } from '../accounts/index.ts';
import type { Author } from '../accounts/index.ts';
import type { ImportRecord } from './import-record.ts';

/** What somebody does with an import, for the audit log. */
export interface Action {
  readonly action: Extract<AuditAction, `import.${string}`>;
  readonly author: Author;
  readonly now: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Tells the audit log, in the transaction of what is done. */
export function recordAction(
  transaction: Queryable,
  { id, appId, name }: Pick<ImportRecord, 'id' | 'appId' | 'name'>,
  { action, author, now, metadata = {} }: Action,
): Promise<void> {
  const target = { type: 'import', id, name };
  return recordChange(transaction, now, author, { action, appId, target, metadata });
}
