import { hash, randomBytes } from 'node:crypto';

/**
 * Ids are lower-case UUIDs. The last byte of a user's or a subscription's id is random and decides its
 * lane, so whoever holds the id knows where to look first. A user never leaves its
 * lane; a subscription does when it moves to another user, and is then found through
 * `moved_subscriptions`.
 */

/** Fixed when the database is created: migration 000002 makes one row for each lane. */
export const LANES = 256;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Any UUID, whatever its version: ids that were made elsewhere are v1 and v4. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** A random id (version 4): apps, keys, templates. */
export function newId(): string {
  return format(stamp(random16(), 4));
}

/** A random id whose `laneOf` is `lane`: runs of a journey. */
export function newIdInLane(lane: number): string {
  const bytes = stamp(random16(), 4);
  const high = (0x10000 / LANES) * Math.random();
  bytes.writeUInt16BE(lane + LANES * Math.floor(high), 14);
  return format(bytes);
}

/**
 * A random id between two others, which it stands for in an order that must not change. Null stands for
 * the lowest id of all.
 */
export function idBetween(low: string | null, high: string): string {
  const from = numberOf(low ?? '0');
  const room = numberOf(high) - from - 1n;
  if (room <= 0n) throw new Error(`there is no id between ${low} and ${high}`);
  const hex = (from + 1n + (BigInt(`0x${random16().toString('hex')}`) % room)).toString(16).padStart(32, '0');
  return format(Buffer.from(hex, 'hex'));
}

function numberOf(id: string): bigint {
  return BigInt(`0x${id.replaceAll('-', '')}`);
}

/** The lane that an id names: 0 to LANES - 1. */
export function laneOf(id: string): number {
  return Number.parseInt(id.slice(-4), 16) % LANES;
}

/**
 * Ids as `newTimedId` makes them, for rows that are written together. 74 bits of each are random.
 *
 * An id is a place in `bytes`, where its 16 bytes begin: a million objects fewer than a buffer for each.
 */
export class IdBatch {
  readonly bytes: Buffer;
  #next = 0;

  /** `count` is how many will be asked for. */
  constructor(count: number, now: number) {
    this.bytes = randomBytes(16 * Math.max(count, 1));
    for (let place = 0; place < this.bytes.length; place += 16) {
      this.bytes.writeUIntBE(now, place, 6);
      stamp(this.bytes, 7, place);
    }
  }

  /** A user: its lane is `laneOf` its place. */
  next(): number {
    const place = this.#next;
    this.#next += 16;
    return place;
  }

  nextInLane(lane: number): number {
    const place = this.next();
    this.bytes[place + 15] = lane;
    return place;
  }

  laneOf(place: number): number {
    return this.bytes[place + 15] ?? 0;
  }

  textOf(place: number): string {
    return format(this.bytes, place);
  }
}

/** The 16 bytes of an id. */
export function idBytes(text: string): Buffer {
  return Buffer.from(text.replaceAll('-', ''), 'hex');
}

/** As `newTimedId`, as bytes. */
function newTimedIdBytes(now: number): Buffer {
  const bytes = random16();
  bytes.writeUIntBE(now, 0, 6);
  return stamp(bytes, 7);
}

/**
 * An id that begins with its time (version 7, RFC 9562): messages, users, subscriptions. Messages of one day
 * form one range, which is how the ledger is partitioned. New users and subscriptions go to the end of their
 * lane in every index, whose last pages are in memory. A user's lane is `laneOf` of its id: what follows the
 * time is random.
 */
export function newTimedId(now: number): string {
  return format(newTimedIdBytes(now));
}

/**
 * The same version 7 id for the same time and parts, always: what is computed again has the same name. The
 * 74 bits that are not the time are a hash.
 */
export function timedNameId(now: number, ...parts: readonly string[]): string {
  const bytes = hash('sha256', parts.join('\u0000'), 'buffer').subarray(0, 16);
  bytes.writeUIntBE(now, 0, 6);
  return format(stamp(bytes, 7));
}

/** The smallest version 7 id of the millisecond `now`: a bound for ranges of messages. */
export function firstTimedId(now: number): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(now, 0, 6);
  return format(bytes);
}

/** Milliseconds since the epoch at which a version 7 id was made. */
export function timeOfId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/**
 * The same id for the same parts, always (version 8): what happened is told again under the same
 * id, so a receiver can drop what it has seen.
 */
export function nameId(...parts: readonly string[]): string {
  // In digits at once: a buffer for each costs more than the hash.
  const hex = hash('sha256', parts.join('\u0000'), 'hex');
  const variant = VARIANTS[Number.parseInt(hex.charAt(16), 16) % 4];
  const middle = `8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}`;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${middle}-${hex.slice(20, 32)}`;
}

/** The same id for the same parts, always, and one whose `laneOf` is `lane`. */
export function nameIdInLane(lane: number, ...parts: readonly string[]): string {
  return nameId(...parts).slice(0, -2) + lane.toString(16).padStart(2, '0');
}

/** The digit that says how an id is to be read (RFC 9562, section 4.1), with its two free bits. */
const VARIANTS = '89ab';

/** One call of the system for 256 ids: each call costs more than making the id. */
const POOL_BYTES = 4_096;
let pool = Buffer.alloc(0);
let used = 0;

/** 16 bytes that nobody else holds. */
function random16(): Buffer {
  if (used + 16 > pool.length) {
    pool = randomBytes(POOL_BYTES);
    used = 0;
  }
  used += 16;
  return pool.subarray(used - 16, used);
}

function stamp(bytes: Buffer, version: number, place = 0): Buffer {
  bytes[place + 6] = ((bytes[place + 6] ?? 0) & 0x0f) | (version << 4);
  bytes[place + 8] = ((bytes[place + 8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}

function format(bytes: Buffer, place = 0): string {
  const hex = bytes.toString('hex', place, place + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
