import { comparesVersion } from './app-version.ts';
import type { Audience, Comparison, Condition, CustomEventCondition, Expression } from './condition.ts';
import { addDecimals, compareDecimals, decimalOf, parseDecimal, timesWhole } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import { distance } from './distance.ts';
import { hasProperty } from './event-property.ts';
import type { Facts, UserFacts } from './facts.ts';
import { sliceOf } from './slice-hash.ts';
import { standsIn } from './stands-in.ts';

/** What `audienceCondition` asks of the database, asked of one subscription here. `now` in milliseconds. */
export function isInAudience({ include, exclude, only }: Audience, facts: Facts, now: number): boolean {
  return (
    matches(include, facts, now) &&
    !matches(exclude, facts, now) &&
    only.every((condition) => isTrue(condition, facts, now))
  );
}

/** Whether an expression is true of a subscription and its user. */
export function matches(expression: Expression, facts: Facts, now: number): boolean {
  return expression.some((all) => all.every((condition) => isTrue(condition, facts, now)));
}

function isTrue(condition: Condition, facts: Facts, now: number): boolean {
  const { user } = facts;
  switch (condition.kind) {
    case 'tag': {
      const value = tagOf(user, condition.key);
      return (value !== null && condition.values.includes(value)) !== condition.not;
    }
    case 'tag-exists':
      return (tagOf(user, condition.key) !== null) !== condition.not;
    case 'tag-number':
      return compares(numberOf(tagOf(user, condition.key)), condition.relation, numberOf(condition.value));
    case 'tag-elapsed':
      return compares(
        elapsed(tagOf(user, condition.key), now),
        condition.relation,
        numberOf(condition.seconds),
      );
    case 'property': {
      const known = user[condition.property];
      return (condition.value === null ? known !== null : known === condition.value) !== condition.not;
    }
    case 'session':
      return isAgo(condition.session === 'first' ? user.firstActive : lastSession(facts), condition, now);
    case 'number':
      return compares(amountOf(condition.of, facts), condition.relation, numberOf(condition.value));
    case 'bought':
      return compares(spentOn(condition.sku, user), condition.relation, numberOf(condition.value));
    case 'app-version':
      return comparesVersion(facts.appVersion, condition.relation, condition.value);
    case 'near':
      return user.place !== null && distance(user.place, condition) <= condition.radius;
    case 'email':
      return user.emails.includes(condition.email) !== condition.not;
    case 'type':
      return condition.types.includes(facts.type) !== condition.not;
    case 'test-user':
      return user.isTestUser !== condition.not;
    case 'external-id':
      return (user.externalId !== null) !== condition.not;
    case 'rooted':
      return facts.isRooted !== condition.not;
    case 'created':
      return isAgo(facts.createdAt, condition, now);
    case 'status':
      return (facts.status === condition.status) !== condition.not;
    case 'custom-event': {
      const { name, properties, match } = condition;
      const tests = match === 'any' && properties.length > 0 ? 'some' : 'every';
      const counted = user.customEvents.filter(
        (event) =>
          event.name === name &&
          isWithin(event.at, condition, now) &&
          properties[tests]((test) => hasProperty(event.properties, test)),
      );
      return standsIn(counted.length - condition.times, condition.relation);
    }
    case 'message-event': {
      const { event: asked, channel, messageId } = condition;
      const counted = user.messageEvents.filter(
        (event) =>
          event.event === asked &&
          (channel === null || event.channel === channel) &&
          (messageId === null || event.messageId === messageId) &&
          isWithin(event.at, condition, now),
      );
      return standsIn(counted.length - condition.times, condition.relation);
    }
    case 'segment':
      throw new Error(`segment ${condition.id} was not looked up`);
    case 'any':
      return matches(condition.of, facts, now);
    case 'slice': {
      const slice = sliceOf(condition.salt, facts.subscriptionId);
      return slice >= condition.from && slice < condition.to;
    }
  }
}

/** Whole milliseconds: times are no finer. */
export function hoursInMs(hours: number): number {
  return Math.round(hours * 3_600_000);
}

function isAgo(
  at: number,
  { relation, hours }: { readonly relation: '>' | '<'; readonly hours: number },
  now: number,
): boolean {
  const edge = now - hoursInMs(hours);
  return relation === '>' ? at < edge : at > edge;
}

function isWithin(
  at: number,
  { fromHours, toHours }: Pick<CustomEventCondition, 'fromHours' | 'toHours'>,
  now: number,
): boolean {
  const isOld = fromHours !== null && at < now - hoursInMs(fromHours);
  return !isOld && (toHours === null || at <= now - hoursInMs(toHours));
}

/** An email or a phone number opens no sessions: there it is those of its user. */
function lastSession({ channel, lastActive, user }: Facts): number {
  return channel === 'push' ? lastActive : user.lastActive;
}

function amountOf(of: 'session_count' | 'session_time' | 'amount_spent', facts: Facts): Decimal | null {
  const owner = facts.channel === 'push' ? facts : facts.user;
  switch (of) {
    case 'session_count':
      return decimalOf(owner.sessionCount);
    case 'session_time':
      return decimalOf(owner.sessionTime);
    case 'amount_spent':
      return numberOf(facts.user.amountSpent ?? '0');
  }
}

function spentOn(sku: string, { purchases }: UserFacts): Decimal | null {
  const bought = purchases.filter((purchase) => purchase.sku === sku);
  if (bought.length === 0) return null;
  return bought.reduce((sum, { amount, count }) => {
    const price = numberOf(amount) ?? decimalOf(0);
    return addDecimals(sum, timesWhole(price, count));
  }, decimalOf(0));
}

function elapsed(tag: string | null, now: number): Decimal | null {
  const at = numberOf(tag);
  return at === null ? null : addDecimals({ digits: BigInt(now), scale: 3 }, timesWhole(at, -1));
}

function tagOf({ tags }: UserFacts, key: string): string | null {
  return Object.hasOwn(tags, key) ? (tags[key] ?? null) : null;
}

function numberOf(text: string | null): Decimal | null {
  return text === null ? null : parseDecimal(text);
}

function compares(a: Decimal | null, relation: Comparison, b: Decimal | null): boolean {
  if (a === null || b === null) return relation === '!=';
  return standsIn(compareDecimals(a, b), relation);
}
