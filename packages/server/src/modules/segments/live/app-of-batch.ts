import type { SegmentNews } from './inbox-rows.ts';
import type { LiveApp } from './live-book.ts';
import { isTold } from './live-state.ts';

/** An app whose users are looked at together. */
export interface AppOfBatch extends LiveApp {
  /**
   * What there is to tell of a user who was in the segments `before` and is in those of `after`: ascending slots, of
   * which those that are live no more are in neither. Null for nothing. Who has moved alike is told by one object.
   */
  readonly newsOf: (
    before: readonly number[],
    after: readonly number[],
    isWalked: boolean,
  ) => SegmentNews | null;
}

/** What is told is remembered as long as the batch. */
export function appOfBatch(app: LiveApp): AppOfBatch {
  const known = new Map<string, SegmentNews | null>();
  return {
    ...app,
    newsOf(before, after, isWalked) {
      const move = `${isWalked} ${before.join()} ${after.join()}`;
      const same = known.get(move);
      if (same !== undefined) return same;
      const news = newsOf(app, before, after, isWalked);
      known.set(move, news);
      return news;
    },
  };
}

function newsOf(
  { bySlot }: LiveApp,
  before: readonly number[],
  after: readonly number[],
  isWalked: boolean,
): SegmentNews | null {
  const told = (slots: readonly number[], others: readonly number[]) =>
    slots.flatMap((slot) => {
      const segment = others.includes(slot) ? undefined : bySlot.get(slot);
      return segment !== undefined && isTold(segment.state, isWalked) ? [segment.id] : [];
    });
  const news = { entered: told(after, before), left: told(before, after) };
  return news.entered.length + news.left.length > 0 ? news : null;
}
