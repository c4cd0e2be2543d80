import type { Session } from './session.ts';

const CHUNK = 1000;

/**
 * Has every user among the rejects looked at once in this run, although nothing in the row has changed.
 * What is then sent is for the delivery to say (`RefusedUsers`). Events and messages wait for somebody to
 * ask (`replay`): they are news of then.
 */
export async function retryRejected({ home, queued }: Session): Promise<void> {
  const keys = new Set<string>();
  for (const { what, key } of home.rejects.rows()) if (what === 'user') keys.add(key);
  const all = [...keys];
  for (let at = 0; at < all.length; at += CHUNK) {
    await home.outbox.append(all.slice(at, at + CHUNK).map((key) => ({ kind: 'user', key })));
  }
  if (all.length > 0) queued.ring();
}
