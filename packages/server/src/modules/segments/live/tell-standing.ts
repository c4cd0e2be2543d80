import type { Facts } from '../../audience/index.ts';
import type { AppOfBatch } from './app-of-batch.ts';
import { lookAtUser } from './look-at-user.ts';
import type { Kept, LookedAt, UserOfApp } from './state-store.ts';

export interface Look {
  readonly user: UserOfApp;
  /** Null where nothing of the app is watched. */
  readonly app: AppOfBatch | null;
  /** Null of a user who is not there any more, or of whom nothing is asked. */
  readonly facts: readonly Facts[] | null;
  readonly kept: Kept;
  /** Not everybody of the user's lane has been looked at yet. */
  readonly isWalked: boolean;
  /** When the user became active; ISO 8601. Null where they did not. */
  readonly activeAt: string | null;
  readonly now: number;
}

/** What a look at a user leaves behind: null where all is as it was. Pure. */
export function tellStanding({ user, app, facts, kept, isWalked, activeAt, now }: Look): LookedAt | null {
  const { slots, flipAt } =
    app === null || facts === null ? { slots: [], flipAt: null } : lookAtUser(app.segments, facts, now);
  const became = app?.sessions === true ? activeAt : null;
  const isSameStanding = isSameList(kept.slots, slots);
  const news =
    app === null || facts === null || isSameStanding ? null : app.newsOf(kept.slots, slots, isWalked);
  if (isSameStanding && isDueInTime(kept.flipAt, flipAt, now) && became === null) return null;
  const isKept = slots.length > 0 || flipAt !== null;
  return {
    lane: user.lane,
    app_id: user.appId,
    user_id: user.userId,
    segments: isKept ? `{${slots.join()}}` : null,
    flip_at: flipAt === null ? null : new Date(flipAt).toISOString(),
    active_at: became,
    news,
  };
}

/** A look that comes too early finds what is then; of each session it would cost a write to put it off. */
function isDueInTime(kept: number | null, flipAt: number | null, now: number): boolean {
  return kept === flipAt || (kept !== null && flipAt !== null && now < kept && kept < flipAt);
}

function isSameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((slot, place) => slot === b[place]);
}
