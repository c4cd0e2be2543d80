import { comparesVersion } from './app-version.ts';
import { hasHappened, isAgo, isElapsed } from './compile-time-conditions.ts';
import type { Comparison, Condition, Expression } from './condition.ts';
import { addDecimals, comparerOf, compareDecimals, decimalOf, parseDecimal, timesWhole } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import { distance } from './distance.ts';
import type { Facts, UserFacts } from './facts.ts';
import { allOf, anyOf } from './predicate.ts';
import type { Predicate } from './predicate.ts';
import { sliceOf } from './slice-hash.ts';
import { standsIn } from './stands-in.ts';

/** An expression as functions, for asking it of many. */
export function compileExpression(expression: Expression): Predicate {
  return anyOf(expression.map((all) => allOf(all.map(compileCondition))));
}

/** What `conditionAlone` asks of the database, asked of one subscription here. */
export function compileCondition(condition: Condition): Predicate {
  switch (condition.kind) {
    case 'tag': {
      const values = new Set(condition.values);
      return still(({ user }) => {
        const value = tagOf(user, condition.key);
        return (value !== null && values.has(value)) !== condition.not;
      });
    }
    case 'tag-exists':
      return still(({ user }) => (tagOf(user, condition.key) !== null) !== condition.not);
    case 'tag-number': {
      const compares = comparesWith(condition.relation, condition.value);
      return still(({ user }) => compares.text(tagOf(user, condition.key)));
    }
    case 'tag-elapsed':
      return isElapsed(({ user }) => tagOf(user, condition.key), condition.relation, condition.seconds);
    case 'property':
      return still(({ user }) => {
        const known = user[condition.property];
        return (condition.value === null ? known !== null : known === condition.value) !== condition.not;
      });
    case 'session':
      return isAgo(condition.session === 'first' ? ({ user }) => user.firstActive : lastSession, condition);
    case 'number':
      return compileNumber(condition);
    case 'bought': {
      const other = parseDecimal(condition.value);
      return still(({ user }) => {
        const spent = spentOn(condition.sku, user);
        const order = spent === null || other === null ? null : compareDecimals(spent, other);
        return stands(order, condition.relation);
      });
    }
    case 'app-version':
      return still(({ appVersion }) => comparesVersion(appVersion, condition.relation, condition.value));
    case 'near':
      return still(({ user }) => user.place !== null && distance(user.place, condition) <= condition.radius);
    case 'email':
      return still(({ user }) => user.emails.includes(condition.email) !== condition.not);
    case 'type':
      return still(({ type }) => (type !== null && condition.types.includes(type)) !== condition.not);
    case 'test-user':
      return still(({ user }) => user.isTestUser !== condition.not);
    case 'external-id':
      return still(({ user }) => (user.externalId !== null) !== condition.not);
    case 'rooted':
      return still(({ isRooted }) => isRooted !== condition.not);
    case 'created':
      return isAgo(({ createdAt }) => createdAt, condition);
    case 'status':
      return still(({ status }) => (status === condition.status) !== condition.not);
    case 'custom-event':
    case 'message-event':
      return hasHappened(condition);
    case 'segment':
      throw new Error(`segment ${condition.id} was not looked up`);
    case 'any':
      return compileExpression(condition.of);
    case 'slice':
      return still(({ subscriptionId: id }) => {
        if (id === null) return false;
        const slice = sliceOf(condition.salt, id);
        return slice >= condition.from && slice < condition.to;
      });
  }
}

/** Time changes nothing about it. */
function still(isTrue: (facts: Facts) => boolean): Predicate {
  return { isTrue, staysUntil: null };
}

/** An email or a phone number opens no sessions: there it is those of its user. */
function lastSession({ channel, lastActive, user }: Facts): number {
  return channel === 'push' ? lastActive : user.lastActive;
}

/** An email or a phone number has no sessions of its own: there it is those of its user. */
function ownerOf(facts: Facts): Facts | UserFacts {
  return facts.channel === 'push' ? facts : facts.user;
}

function compileNumber({ of, relation, value }: Condition & { readonly kind: 'number' }): Predicate {
  const compares = comparesWith(relation, value);
  switch (of) {
    case 'session_count':
      return still((facts) => compares.whole(ownerOf(facts).sessionCount));
    case 'session_time':
      return still((facts) => compares.whole(ownerOf(facts).sessionTime));
    case 'amount_spent':
      return still(({ user }) => compares.text(user.amountSpent ?? '0'));
  }
}

function spentOn(sku: string, { purchases }: UserFacts): Decimal | null {
  const bought = purchases.filter((purchase) => purchase.sku === sku);
  if (bought.length === 0) return null;
  return bought.reduce((sum, { amount, count }) => {
    const price = parseDecimal(amount) ?? decimalOf(0);
    return addDecimals(sum, timesWhole(price, count));
  }, decimalOf(0));
}

function tagOf({ tags }: UserFacts, key: string): string | null {
  return Object.hasOwn(tags, key) ? (tags[key] ?? null) : null;
}

function comparesWith(relation: Comparison, value: string) {
  return comparerOf(value, (order) => stands(order, relation));
}

/** What is not known differs from everything. */
function stands(order: number | null, relation: Comparison): boolean {
  return order === null ? relation === '!=' : standsIn(order, relation);
}
