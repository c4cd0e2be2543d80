import type { Audience, JourneyState } from './definition.ts';

/** What people may ask for; `processing` is what becomes of `active` while a launch lets people in. */
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
 * that. A journey for segments is `processing` until those who are in them have been let in.
 */
export function moveState(
  from: JourneyState,
  asked: SettableState,
  audience: Audience['kind'],
): JourneyState | null {
  if (!MOVES[from].includes(asked)) return null;
  if (asked !== 'active' || from === 'active' || from === 'paused') return asked;
  return audience === 'segment' ? 'processing' : 'active';
}

/** What may be asked of a journey in this state, for refusals. */
export function movesFrom(from: JourneyState): readonly SettableState[] {
  return MOVES[from].filter((to) => to !== from);
}
