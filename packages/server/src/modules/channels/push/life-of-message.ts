import type { RenderedPush } from './rendered-push.ts';

/** Seconds for which a service is to keep a message, at most `most`; 0: now or never. */
export function secondsToLive({ fields, expiresAt }: RenderedPush, now: number, most: number): number {
  if (fields.ttl === 0) return 0;
  return Math.min(most, Math.max(0, Math.ceil((expiresAt - now) / 1_000)));
}
