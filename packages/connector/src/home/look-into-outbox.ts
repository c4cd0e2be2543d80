import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { segmentName, segmentsIn } from './outbox.ts';
import type { OutboxPosition } from './outbox.ts';
import { queuedOf } from './queued-item.ts';
import type { QueuedItem } from './queued-item.ts';
import { readRecords } from './record-file.ts';
import { UNSEALED } from './seal.ts';
import type { Seal } from './seal.ts';

/** How much waits in the outbox. */
export interface OutboxDepth {
  readonly items: number;
  readonly bytes: number;
  /** When the oldest item was queued, in milliseconds since the epoch; null where nothing waits. */
  readonly oldestAt: number | null;
}

const BATCH = 4096;

/** The items that wait, the oldest first, read without touching anything: a run may be under way. */
export function* lookIntoOutbox(
  directory: string,
  head: OutboxPosition,
  seal: Seal = UNSEALED,
): Generator<{ readonly item: QueuedItem; readonly bytes: number }> {
  if (!existsSync(directory)) return;
  for (const segment of segmentsIn(directory).toSorted((a, b) => a - b)) {
    if (segment < head.segment) continue;
    const path = join(directory, segmentName(segment));
    for (let at = segment === head.segment ? head.offset : 0; existsSync(path);) {
      const records = readRecords(path, at, BATCH);
      for (const { record, end } of records) {
        const item = queuedOf(record, seal);
        if (item !== null) yield { item, bytes: end - at };
        at = end;
      }
      if (records.length < BATCH) break;
    }
  }
}

export function depthOfOutbox(directory: string, head: OutboxPosition, seal: Seal = UNSEALED): OutboxDepth {
  let items = 0;
  let bytes = 0;
  let oldestAt: number | null = null;
  for (const { item, bytes: length } of lookIntoOutbox(directory, head, seal)) {
    items += 1;
    bytes += length;
    oldestAt ??= item.queuedAt ?? null;
  }
  return { items, bytes, oldestAt };
}
