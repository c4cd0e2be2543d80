import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { readTruths } from '../audience/index.ts';
import type { AudienceSources, Condition, SubscriptionTruths } from '../audience/index.ts';
import type { Identity } from '../identity/index.ts';
import type { Segment } from './segment.ts';
import type { Segments } from './segments.ts';

/** In one statement, at most: each is a column of it. */
const CONDITIONS_A_STATEMENT = 500;

export interface Membership {
  readonly segment: Segment;
  readonly isMember: boolean;
  /** Subscriptions that are in it. A user without any is in it as a user. */
  readonly subscriptionIds: readonly string[];
  /** In the order of the filters; those of one branch are true together. */
  readonly branches: readonly (readonly ConditionTruth[])[];
}

export interface ConditionTruth {
  /** Which of the filters it is, operators not counted. */
  readonly place: number;
  readonly isTrue: boolean;
}

export interface MembershipsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly identity: Pick<Identity, 'resolveAliases'>;
  readonly segments: Segments;
  readonly messageEvents: AudienceSources['messageEvents'];
}

/** Tells in which segments somebody is, and why. */
export class Memberships {
  readonly #options: MembershipsOptions;

  constructor(options: MembershipsOptions) {
    this.#options = options;
  }

  /** Of a page of the app's segments. Throws ApiError `user-not-found`. */
  async ofUser(
    appId: string,
    { label, value }: { readonly label: string; readonly value: string },
    page: { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly memberships: readonly Membership[]; readonly total: number }> {
    const { database, clock, identity, segments, messageEvents } = this.#options;
    const place = (await identity.resolveAliases(appId, label, [value])).get(value);
    if (place === undefined) throw new ApiError('user-not-found', { params: { label, value } });
    const listed = await segments.list(appId, page);
    const conditions = listed.segments.flatMap((segment) => segment.conditions.flat());
    const known: SubscriptionTruths[] = [];
    for (let from = 0; from === 0 || from < conditions.length; from += CONDITIONS_A_STATEMENT) {
      const some = conditions.slice(from, from + CONDITIONS_A_STATEMENT);
      const read = await readTruths(database, { ...place, appId }, some, { now: clock.now(), messageEvents });
      join(known, read);
    }
    let first = 0;
    const memberships = listed.segments.map((segment) => {
      const own = segment.conditions.flat().length;
      const membership = membershipOf(segment, known, first);
      first += own;
      return membership;
    });
    return { memberships, total: listed.total };
  }
}

/** Puts further truths behind those that are known. */
function join(known: SubscriptionTruths[], read: readonly SubscriptionTruths[]): void {
  const first = known.length === 0;
  for (const [index, row] of read.entries()) {
    const before = known[index];
    if (first) known.push(row);
    else if (before?.id === row.id) known[index] = { ...row, truths: [...before.truths, ...row.truths] };
  }
}

/** `first`: where the segment's conditions begin among the truths. */
function membershipOf(segment: Segment, known: readonly SubscriptionTruths[], first: number): Membership {
  let next = first;
  const places: number[][] = segment.conditions.map((branch: readonly Condition[]) =>
    branch.map(() => {
      next += 1;
      return next - 1;
    }),
  );
  const members = known.filter(({ truths }) =>
    places.some((branch) => branch.every((place) => truths[place] === true)),
  );
  return {
    segment,
    isMember: members.length > 0,
    subscriptionIds: members.flatMap(({ id }) => id ?? []),
    branches: places.map((branch) =>
      branch.map((place) => ({
        place: place - first,
        isTrue: known.some(({ truths }) => truths[place] === true),
      })),
    ),
  };
}
