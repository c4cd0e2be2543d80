import type { DueChunk, Share } from '../claim-store.ts';
import { keyOf } from './room.ts';
import type { Room } from './room.ts';

export interface Choice {
  readonly chosen: readonly DueChunk[];
  /** Who has more that is due. */
  readonly waiting: readonly Share[];
}

/**
 * Chooses which due chunks to claim: one of each app in turn, as long as it has room. `due` has the chunks
 * of an app in the order in which they are to go. A chunk weighs as much as its largest page.
 */
export function chooseChunks(due: readonly DueChunk[], room: Room, pageSize: number): Choice {
  const left = room.copy();
  const chosen: DueChunk[] = [];
  const waiting: Share[] = [];
  let queues = queuesOf(due);
  for (let turn = 0; queues.length > 0; turn += 1) {
    queues = queues.filter(({ share, chunks }) => {
      const chunk = chunks[turn];
      if (chunk === undefined) {
        if (chunks.length === chunks[0]?.asked) waiting.push(share);
        return false;
      }
      if (left.left(share) <= 0) {
        waiting.push(share);
        return false;
      }
      left.take(share, weightOf(chunk, pageSize));
      chosen.push(chunk);
      return true;
    });
  }
  return { chosen, waiting };
}

interface Queue {
  readonly share: Share;
  readonly chunks: DueChunk[];
}

/** Whose chunks these are. */
export function sharesIn(chunks: readonly DueChunk[]): Share[] {
  return queuesOf(chunks).map(({ share }) => share);
}

function queuesOf(due: readonly DueChunk[]): Queue[] {
  const queues = new Map<string, Queue>();
  for (const chunk of due) {
    const { priority, appId, channel } = chunk;
    const queue = queues.get(keyOf(chunk)) ?? { share: { priority, appId, channel }, chunks: [] };
    queue.chunks.push(chunk);
    queues.set(keyOf(chunk), queue);
  }
  return [...queues.values()];
}

function weightOf({ targets }: DueChunk, pageSize: number): number {
  return Math.min(targets ?? pageSize, pageSize);
}
