import type { FeedEvent } from '@carillon/wire';

/** An event that came by a webhook. */
export interface ReceivedEvent extends FeedEvent {
  readonly campaign: Readonly<Record<string, unknown>> | null;
  /** As it came. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** A body that is no event. The message names the field and the rule. */
export class BodyInvalid extends Error {
  constructor(field: string, rule: string) {
    super(`${field} ${rule}`);
    this.name = 'BodyInvalid';
  }
}

type Json = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const KIND = /^message\.([a-z_]{1,32})\.([a-z_]{1,64})$/;
const LONGEST_TEXT = 8192;
/** What fits into the columns of every table. Targets keep no longer names. */
const LONGEST: Readonly<Record<string, number>> = { external_id: 128, template_id: 64, address: 320 };
const MOST_EVENTS = 10_000;

/** Event streams have other words for what the feed calls this. */
const WORDS: Readonly<Record<string, string>> = { hardbounced: 'bounced', supressed: 'suppressed' };

/**
 * The events of a body: one event, `{"events": [...]}`, or either of them under `data`.
 *
 * @throws BodyInvalid
 */
export function readEvents(body: Buffer): ReceivedEvent[] {
  const json = parse(body);
  const inner = isObject(json) && 'data' in json && !('id' in json && 'kind' in json) ? json['data'] : json;
  const list = isObject(inner) && 'events' in inner ? inner['events'] : inner;
  if (!Array.isArray(list)) return [readEvent(list, '')];
  if (list.length > MOST_EVENTS) throw new BodyInvalid('events', `has at most ${MOST_EVENTS} entries`);
  return list.map((event, i) => readEvent(event, `events[${i}].`));
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new BodyInvalid('body', 'must be JSON');
  }
}

function readEvent(event: unknown, path: string): ReceivedEvent {
  if (!isObject(event)) throw new BodyInvalid(path === '' ? 'body' : path.slice(0, -1), 'must be an object');
  const text = (field: string) => readText(event, field, path);
  const uuid = (field: string) => {
    const value = text(field);
    if (value !== null && !UUID.test(value)) throw new BodyInvalid(`${path}${field}`, 'must be a UUID');
    return value?.toLowerCase() ?? null;
  };
  const id = uuid('id');
  if (id === null) throw new BodyInvalid(`${path}id`, 'is missing');
  const [, channel, word] = KIND.exec(text('kind') ?? '') ?? [];
  if (channel === undefined || word === undefined) {
    throw new BodyInvalid(`${path}kind`, 'must be of the form message.<channel>.<what>');
  }
  return {
    id,
    kind: `message.${channel}.${WORDS[word] ?? word}`,
    at: readTime(event['encoding'] === 'url' ? text('at') : event['at'], `${path}at`),
    channel,
    message_id: uuid('message_id'),
    message_name: text('message_name'),
    template_id: text('template_id'),
    subscription_id: uuid('subscription_id'),
    onesignal_id: uuid('onesignal_id'),
    external_id: text('external_id'),
    address: text('address'),
    reason: text('reason'),
    ...(typeof event['passed_over'] === 'boolean' && { passed_over: event['passed_over'] }),
    url: text('url'),
    campaign: readCampaign(event, path),
    raw: event,
  };
}

/** Templates give "" for what is not there. */
function readText(event: Json, field: string, path: string): string | null {
  const value = event[field];
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string') throw new BodyInvalid(`${path}${field}`, 'must be a string or null');
  const longest = LONGEST[field] ?? LONGEST_TEXT;
  if (value.length > longest)
    throw new BodyInvalid(`${path}${field}`, `must be at most ${longest} characters`);
  if (event['encoding'] !== 'url') return value;
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    throw new BodyInvalid(`${path}${field}`, 'must be URL-encoded, as encoding says');
  }
}

function readTime(value: unknown, field: string): string {
  const isSeconds =
    typeof value === 'number' || (typeof value === 'string' && /^\d{9,11}(\.\d+)?$/.test(value));
  const time = isSeconds ? Number(value) * 1000 : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (!(time >= 0 && time < 8.64e15))
    throw new BodyInvalid(field, 'must be a time: ISO 8601, or Unix seconds');
  return new Date(time).toISOString();
}

function readCampaign(event: Json, path: string): Json | null {
  const campaign = event['campaign'];
  if (campaign === undefined || campaign === null) return null;
  if (!isObject(campaign)) throw new BodyInvalid(`${path}campaign`, 'must be an object or null');
  const read = Object.keys(campaign).flatMap((name) => {
    const value = campaign[name];
    if (value === '' || value === null) return [];
    const isText = typeof value === 'string';
    const encoded = { ...campaign, encoding: event['encoding'] };
    return [[name, isText ? readText(encoded, name, `${path}campaign.`) : value] as const];
  });
  return read.length === 0 ? null : Object.fromEntries(read);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
