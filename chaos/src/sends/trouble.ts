import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@carillon/client';
import type { Database } from '@carillon/server';
import { cutConnections } from './audit-store.ts';

const EVERY_MS = 400;

export interface TroubleOptions {
  readonly client: Client;
  readonly database: Database;
  /** Is paused and resumed over and over. */
  readonly messageId: string;
  readonly going: () => boolean;
}

/** How often each was done. */
export interface Trouble {
  readonly pauses: number;
  readonly cuts: number;
}

/**
 * While workers die: pauses and resumes a message, and cuts every connection of workers and API to the database,
 * as its restart does. Ends with the message resumed.
 */
export async function makeTrouble({ client, database, messageId, going }: TroubleOptions): Promise<Trouble> {
  let [pauses, cuts] = [0, 0];
  while (going()) {
    await pause(EVERY_MS * (0.5 + Math.random()));
    if (Math.random() < 0.3) {
      await cutConnections(database);
      cuts += 1;
      continue;
    }
    // Without an answer it may be paused all the same: it is resumed below whatever is said here.
    const stopped = await client.notifications.pause(messageId);
    if (stopped.ok) pauses += 1;
    await pause(EVERY_MS * Math.random());
    await resume(client, messageId);
  }
  return { pauses, cuts };
}

/** Until it is heard that it goes on, or that it is over. */
async function resume(client: Client, messageId: string): Promise<void> {
  for (;;) {
    const answer = await client.notifications.resume(messageId);
    if (answer.ok || answer.failure.kind === 'invalid') return;
    await pause(100);
  }
}
