import type { CustomEventCondition, MessageEventCondition, Order } from './condition.ts';
import { addDecimals, compareDecimals, parseDecimal, timesWhole } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import { hasProperty } from './event-property.ts';
import type { CustomEventFact, Facts, MessageEventFact } from './facts.ts';
import type { Predicate } from './predicate.ts';
import { standsIn } from './stands-in.ts';

/** Whole milliseconds: times are no finer. */
export function hoursInMs(hours: number): number {
  return Math.round(hours * 3_600_000);
}

/** Whether `at` is longer ago than so many hours (`>`), or not so long. Nobody has a time that is null. */
export function isAgo(
  at: (facts: Facts) => number | null,
  { relation, hours }: { readonly relation: Order; readonly hours: number },
): Predicate {
  const ms = hoursInMs(hours);
  // In whole milliseconds, `>` begins one after the edge, where `<` has ended on it.
  const edge = relation === '>' ? ms + 1 : ms;
  return {
    isTrue: (facts, now) => {
      const then = at(facts);
      return then !== null && (relation === '>' ? then < now - ms : then > now - ms);
    },
    staysUntil: (facts, now) => later((at(facts) ?? -Infinity) + edge, now),
  };
}

/** Whether a tag that is a time in Unix seconds is more (`>`) or fewer seconds ago. */
export function isElapsed(tag: (facts: Facts) => string | null, relation: Order, seconds: string): Predicate {
  const distance = parseDecimal(seconds);
  const edgeOf = (facts: Facts): Decimal | null => {
    const text = tag(facts);
    const at = text === null ? null : parseDecimal(text);
    return at === null || distance === null ? null : timesWhole(addDecimals(at, distance), 1_000);
  };
  return {
    isTrue: (facts, now) => {
      const edge = edgeOf(facts);
      return edge !== null && standsIn(compareDecimals({ digits: BigInt(now), scale: 0 }, edge), relation);
    },
    staysUntil: (facts, now) => {
      const edge = edgeOf(facts);
      if (edge === null) return Infinity;
      return later(relation === '>' ? floorOf(edge) + 1 : ceilingOf(edge), now);
    },
  };
}

/** Whether something has happened so and so often, in a window that moves with time. */
export function hasHappened(condition: CustomEventCondition | MessageEventCondition): Predicate {
  const { relation, times, fromHours, toHours } = condition;
  const from = fromHours === null ? null : hoursInMs(fromHours);
  const to = toHours === null ? null : hoursInMs(toHours);
  const timesOf = countedTimes(condition);
  const isWithin = (at: number, now: number) =>
    (from === null || at >= now - from) && (to === null || at <= now - to);
  const isTrueAt = (all: readonly number[], now: number) => {
    let count = 0;
    for (const at of all) if (isWithin(at, now)) count += 1;
    return standsIn(count - times, relation);
  };
  return {
    isTrue: (facts, now) => isTrueAt(timesOf(facts), now),
    staysUntil:
      from === null && to === null
        ? null
        : (facts, now) => {
            const all = timesOf(facts);
            const present = isTrueAt(all, now);
            const edges = all.flatMap((at) => [
              ...(to === null ? [] : [at + to]),
              ...(from === null ? [] : [at + from + 1]),
            ]);
            const changes = edges.filter((edge) => edge > now).toSorted((a, b) => a - b);
            return changes.find((edge) => isTrueAt(all, edge) !== present) ?? Infinity;
          },
  };
}

/** When the events happened that count. */
function countedTimes(condition: CustomEventCondition | MessageEventCondition): (facts: Facts) => number[] {
  switch (condition.kind) {
    case 'custom-event': {
      const { name, properties, match } = condition;
      const tests = match === 'any' && properties.length > 0 ? 'some' : 'every';
      const counts = (event: CustomEventFact) =>
        event.name === name && properties[tests]((test) => hasProperty(event.properties, test));
      return ({ user }) => user.customEvents.filter(counts).map(({ at }) => at);
    }
    case 'message-event': {
      const { event: asked, channel, messageId } = condition;
      const counts = ({ event, ...of }: MessageEventFact) =>
        event === asked &&
        (channel === null || of.channel === channel) &&
        (messageId === null || of.messageId === messageId);
      return ({ user }) => user.messageEvents.filter(counts).map(({ at }) => at);
    }
  }
}

function later(at: number, now: number): number {
  return at > now ? at : Infinity;
}

function floorOf({ digits, scale }: Decimal): number {
  const unit = 10n ** BigInt(scale);
  const rest = ((digits % unit) + unit) % unit;
  return Number((digits - rest) / unit);
}

function ceilingOf(value: Decimal): number {
  return -floorOf(timesWhole(value, -1));
}
