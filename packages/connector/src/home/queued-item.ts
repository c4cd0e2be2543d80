import type { OutboxItem } from '../model/outbox-item.ts';
import type { Seal } from './seal.ts';

/** An item as it lies in the outbox: with when it was put there, in milliseconds since the epoch. */
export type QueuedItem = OutboxItem & { readonly queuedAt?: number };

const SPACE = 0x20;

export function recordOf(item: OutboxItem, now: number, seal: Seal): Buffer {
  return seal.close(Buffer.from(JSON.stringify({ ...item, queuedAt: now } satisfies QueuedItem)));
}

/** The item of a record; null where it was erased. */
export function itemOf(record: Buffer, seal: Seal): OutboxItem | null {
  const queued = queuedOf(record, seal);
  if (queued === null) return null;
  const { queuedAt: _, ...item } = queued;
  return item;
}

export function queuedOf(record: Buffer, seal: Seal): QueuedItem | null {
  return isErased(record) ? null : (JSON.parse(seal.open(record).toString()) as QueuedItem);
}

export function isErased(record: Buffer): boolean {
  return record[0] === SPACE;
}

/** What takes the place of an erased record: as long, so that all others stay where they are. */
export function erased(record: Buffer): Buffer {
  return Buffer.alloc(record.length, SPACE);
}
