import type { JourneyState } from './definition.ts';

/** What people may ask for; `processing` is what becomes of `active` until it is known who is in the segments. */
export const SETTABLE_STATES = ['draft', 'scheduled', 'active', 'paused', 'archived'] as const;
export type SettableState = (typeof SETTABLE_STATES)[number];

const MOVES: Readonly<Record<JourneyState, readonly SettableState[]>> = {
  draft: ['draft', 'scheduled', 'active', 'archived'],
  scheduled: ['draft', 'scheduled', 'active', 'archived'],
  processing: ['draft', 'active', 'archived'],
  active: ['active', 'paused', 'archived'],
  paused: ['active', 'paused', 'archived'],
  archived: ['archived'],
};

/** People may be inside: its audience's kind is fixed, and each change of it is a version. */
export function isLive(state: JourneyState): boolean {
  return state === 'processing' || state === 'active' || state === 'paused';
}

/**
 * The state that a journey is in once somebody has asked for `asked`; null where its state does not allow
 * that. A journey that names segments is `processing` until it is known who is in them and, where they are its
 * audience, until those have been let in.
 */
export function moveState(
  from: JourneyState,
  asked: SettableState,
  namesSegments: boolean,
): JourneyState | null {
  if (!MOVES[from].includes(asked)) return null;
  if (asked !== 'active' || from === 'active' || from === 'paused') return asked;
  return namesSegments ? 'processing' : 'active';
}

/** What may be asked of a journey in this state, for refusals. */
export function movesFrom(from: JourneyState): readonly SettableState[] {
  return MOVES[from].filter((to) => to !== from);
}
