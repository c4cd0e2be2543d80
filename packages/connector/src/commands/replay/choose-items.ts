import type { RejectedRow } from '../../home/rejects.ts';
import type { OutboxItem } from '../../model/outbox-item.ts';

/** Which rejects are sent again. */
export type Choice =
  | { readonly kind: 'failed' }
  /** An external id, a user's key, or the idempotency key of an event or a message. */
  | { readonly kind: 'id'; readonly id: string }
  /** Whatever was refused at that time or later, in milliseconds since the epoch. */
  | { readonly kind: 'since'; readonly at: number };

/** The items of the chosen rejects, each once, under the idempotency keys they had. */
export function chooseItems(rejects: readonly RejectedRow[], choice: Choice): OutboxItem[] {
  const items = new Map<string, OutboxItem>();
  for (const row of rejects.filter((row) => isChosen(row, choice))) {
    const item: OutboxItem | undefined = row.what === 'user' ? { kind: 'user', key: row.key } : row.item;
    if (item !== undefined) items.set(`${row.what} ${row.key}`, { ...item, again: true });
  }
  return [...items.values()];
}

function isChosen(row: RejectedRow, choice: Choice): boolean {
  switch (choice.kind) {
    case 'failed':
      return true;
    case 'id':
      return row.key === choice.id || row.externalId === choice.id;
    case 'since':
      return row.lastSeen >= choice.at;
  }
}
