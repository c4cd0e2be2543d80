import type { Channel, CreateAbTestBody, CreateMessageBody } from '@carillon/wire';
import { SLICES } from '../../audience/index.ts';
import type { Slice } from '../../audience/index.ts';
import type { ChangeSource } from '../../identity/index.ts';
import type { SavedSegments } from '../../segments/index.ts';
import { isUuid } from '../../../platform/ids.ts';
import { parseMessage } from '../create/parse-message.ts';
import type { MessageDraft } from '../create/parse-message.ts';
import { parsePercent } from '../percent.ts';
import { wrong } from '../wrong-field.ts';
import type { WinnerRule } from './ab-test.ts';
import { divideSample } from './divide-sample.ts';
import { inField } from './in-field.ts';

/** A request for a test, checked as far as that goes without the database. */
export interface AbTestDraft {
  readonly id: string;
  readonly appId: string;
  readonly name: string | null;
  readonly idempotencyKey: string | null;
  /** What the variants have in common. */
  readonly message: MessageDraft;
  readonly variants: readonly VariantDraft[];
  /** Parts of 10,000. */
  readonly sample: number;
  readonly winnerBy: WinnerRule;
  readonly winnerOutcome: string | null;
  readonly afterMinutes: number | null;
  readonly body: CreateAbTestBody;
}

export interface VariantDraft {
  readonly name: string;
  readonly slice: Slice;
  /** The message with what is the variant's own. */
  readonly draft: MessageDraft;
}

/** Who asks, and the app's segments of the names in the request. */
export interface AbTestAsker {
  readonly appId: string;
  readonly id: string;
  readonly source?: ChangeSource;
  readonly saved?: SavedSegments;
}

/** Outcomes name the messages that led to them, whatever the channel. */
const OF_OUTCOMES: readonly WinnerRule[] = ['outcome_count', 'outcome_sum'];

/** What can be counted on a channel. */
const METRICS: Readonly<Record<Channel, readonly WinnerRule[]>> = {
  email: ['opened', 'clicked', ...OF_OUTCOMES],
  push: ['clicked', ...OF_OUTCOMES],
  sms: OF_OUTCOMES,
};

/** Throws ApiError naming the field. */
export function parseAbTest({ appId, id, source, saved }: AbTestAsker, body: CreateAbTestBody): AbTestDraft {
  const idempotencyKey = body.idempotency_key ?? null;
  if (idempotencyKey !== null && !isUuid(idempotencyKey)) throw wrong('idempotency_key', 'must be a UUID');
  for (const field of ['idempotency_key', 'external_id']) {
    if (Object.hasOwn(body.message, field)) {
      throw wrong(`message.${field}`, 'is of the whole test: put idempotency_key beside message');
    }
  }
  const message = inField('message', () =>
    parseMessage(appId, { ...body.message, app_id: appId }, source, saved),
  );
  if (message.targeting.kind !== 'audience') {
    throw wrong('message', 'must be for an audience: give included_segments or filters');
  }
  const sample = parsePercent('sample_percent', body.sample_percent, 100);
  const shares = body.variants.map(({ share }) => share ?? 1);
  const slices = divideSample(id, sample, shares);
  if (slices === null) {
    throw wrong('sample_percent', `is too small to give each variant a part: raise it, or change the shares`);
  }
  const names = namesOf(body.variants);
  return {
    id,
    appId,
    name: body.name ?? null,
    idempotencyKey,
    message,
    variants: slices.map((slice, place) => ({
      name: names[place] ?? '',
      slice,
      draft: { ...message, body: bodyOf(message.body, body, place, names) },
    })),
    sample,
    winnerBy: body.winner_by,
    winnerOutcome: parseOutcomeName(body),
    afterMinutes: parseDelay(body, sample),
    body,
  };
}

/** Throws ApiError where what decides cannot be counted on the channel. */
export function checkMetric(channel: Channel, winnerBy: WinnerRule): void {
  if (winnerBy === 'hand' || METRICS[channel].includes(winnerBy)) return;
  const others = [...METRICS[channel], 'hand'].join(' or ');
  throw wrong('winner_by', `cannot be ${winnerBy} for ${channel}, where that is not known: use ${others}`);
}

function parseDelay({ winner_by: by, winner_after_minutes: minutes }: CreateAbTestBody, sample: number) {
  const after = minutes ?? null;
  if (by === 'hand' && after !== null) {
    throw wrong('winner_after_minutes', 'cannot be combined with winner_by "hand": leave it away');
  }
  if (by !== 'hand' && after === null) {
    const use = sample === SLICES ? 'at which the winner is noted' : 'at which the winner goes to the rest';
    throw wrong('winner_after_minutes', `is required with winner_by "${by}": the time ${use}`);
  }
  return after;
}

function parseOutcomeName({ winner_by: by, winner_outcome: outcome }: CreateAbTestBody): string | null {
  const name = outcome?.trim() ?? '';
  if (!OF_OUTCOMES.includes(by)) {
    if (name === '') return null;
    throw wrong('winner_outcome', `cannot be combined with winner_by "${by}": leave it away`);
  }
  if (name === '') {
    throw wrong(
      'winner_outcome',
      `is required with winner_by "${by}": the name of an outcome, such as purchase`,
    );
  }
  if (name.includes('\0')) throw wrong('winner_outcome', 'must not contain the character NUL');
  return name;
}

function namesOf(variants: CreateAbTestBody['variants']): string[] {
  const names = variants.map(({ name }, place) => name?.trim() ?? String.fromCodePoint(65 + place));
  for (const [place, name] of names.entries()) {
    if (name === '') throw wrong(`variants[${place}].name`, 'must not be blank');
    if (names.indexOf(name) !== place) {
      throw wrong(`variants[${place}].name`, `must be another one than those before: "${name}" is taken`);
    }
  }
  return names;
}

function bodyOf(
  common: CreateMessageBody,
  { name, variants }: CreateAbTestBody,
  place: number,
  names: readonly string[],
): CreateMessageBody {
  const { name: _name, share: _share, ...own } = variants[place] ?? {};
  return { ...common, ...own, name: `${common.name ?? name ?? 'A/B test'}: ${names[place]}` };
}
