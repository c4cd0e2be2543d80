import type { Socket } from 'node:net';
import type { Hints } from '../../../platform/database/hints.ts';
import type { EventPage } from '../read-events.ts';

/** Hints can be lost: a waiting reader looks by itself this often. */
const LOOK_EVERY_MS = 1_000;

export interface Waiting {
  readonly hints: Hints;
  /** How long to wait when there is nothing, in milliseconds. */
  readonly waitMs: number;
  /** The caller's connection: once it is closed nobody waits any more. */
  readonly gone: Socket;
}

/** Reads until there is something or the time is over. Nothing is held while it waits. */
export async function waitForNews(
  { hints, waitMs, gone }: Waiting,
  read: () => Promise<EventPage>,
): Promise<EventPage> {
  const until = performance.now() + waitMs;
  let bell = createBell();
  const stop = hints.on('feed', () => bell.tell());
  try {
    for (;;) {
      const page = await read();
      const left = until - performance.now();
      if (page.events.length > 0 || left <= 0 || gone.destroyed) return page;
      await bell.next(Math.min(left, LOOK_EVERY_MS));
      // Perhaps because the platform is stopping, and with it the database.
      if (gone.destroyed) return page;
      bell = createBell();
    }
  } finally {
    stop();
  }
}

/** Remembers a hint that came while nobody was waiting for it yet. */
function createBell(): { tell(): void; next(ms: number): Promise<void> } {
  let told = false;
  let wake: (() => void) | undefined;
  return {
    tell() {
      told = true;
      wake?.();
    },
    next: (ms) =>
      new Promise((resolve) => {
        if (told) return resolve();
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
}
