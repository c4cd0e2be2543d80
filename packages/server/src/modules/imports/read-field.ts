import { ApiError } from '../../platform/http/api-error.ts';
import { typeOfDevice } from '../identity/index.ts';
import type { Column } from './columns.ts';
import { RowRejected } from './rejection.ts';
import type { RowDraft } from './row-draft.ts';

/** Puts a value of a column, which is not blank, into a draft. Throws RowRejected. */
export type ReadField = (draft: RowDraft, value: string) => void;

/** How the values of a column are read; null when they are not. */
export function fieldReader({ name, meaning }: Column): ReadField | null {
  switch (meaning.kind) {
    case 'tag': {
      const { key } = meaning;
      return (draft, value) => {
        draft.tags[key] = value;
      };
    }
    case 'alias': {
      const { label } = meaning;
      return (draft, value) => {
        draft.identity[label] = value;
      };
    }
    case 'word':
      return wordReader(name, meaning.word);
  }
}

function wordReader(
  name: string,
  word: Extract<Column['meaning'], { kind: 'word' }>['word'],
): ReadField | null {
  switch (word) {
    case 'ignore':
      return null;
    case 'external_id':
    case 'onesignal_id':
      return (draft, value) => {
        draft.identity[word] = value;
      };
    case 'former_onesignal_id':
      return (draft, value) => {
        draft.formerId = value;
      };
    case 'subscription_id':
      return (draft, value) => {
        draft.subscriptionId = value;
      };
    case 'email':
      return (draft, value) => {
        draft.email = value;
      };
    case 'phone_number':
      return (draft, value) => {
        draft.phoneNumber = value;
      };
    case 'token':
      return (draft, value) => {
        draft.token = value;
      };
    case 'type':
      return (draft, value) => {
        draft.type = value;
      };
    case 'device_type':
      return (draft, value) => {
        draft.type ??= platformOf(name, value);
      };
    case 'subscribed':
      return (draft, value) => {
        draft.subscribed = yesOrNo(name, value);
      };
    case 'unsubscribed':
      return (draft, value) => {
        // That it is not gone says nothing: its reason may be another one.
        if (yesOrNo(name, value)) draft.subscribed = false;
      };
    case 'suppressed':
      return (draft, value) => {
        draft.suppressed = yesOrNo(name, value);
      };
    case 'notification_types':
      return (draft, value) => {
        draft.notificationTypes = wholeNumber(name, value);
      };
    case 'tags':
      return (draft, value) => void Object.assign(draft.tags, jsonObject(name, value));
    case 'aliases':
      return (draft, value) => void Object.assign(draft.identity, jsonObject(name, value));
    case 'language':
    case 'timezone_id':
    case 'country':
    case 'test_user_name':
      return (draft, value) => {
        draft.properties[word] = value;
      };
    case 'lat':
    case 'long':
      return (draft, value) => {
        const degrees = Number(value);
        if (!Number.isFinite(degrees)) reject(name, 'must be a number of degrees, such as 52.09');
        draft.properties[word] = degrees;
      };
    case 'created_at':
      return (draft, value) => {
        draft.since = moment(name, value);
      };
    case 'last_active':
      return (draft, value) => {
        draft.lastActive = moment(name, value);
      };
    case 'session_count':
      return (draft, value) => {
        draft.sessionCount = wholeNumber(name, value);
      };
    case 'session_time':
      return (draft, value) => {
        draft.sessionTime = wholeNumber(name, value);
      };
    case 'rooted':
      return (draft, value) => {
        draft.device[word] = yesOrNo(name, value);
      };
    case 'device_model':
    case 'device_os':
    case 'app_version':
    case 'web_auth':
    case 'web_p256':
      return (draft, value) => {
        draft.device[word] = value;
      };
  }
}

function reject(column: string, rule: string): never {
  throw new RowRejected(column, rule);
}

const YES: ReadonlySet<string> = new Set(['yes', 'y', 'true', 't', '1']);
const NO: ReadonlySet<string> = new Set(['no', 'n', 'false', 'f', '0']);

function yesOrNo(column: string, value: string): boolean {
  const word = value.toLowerCase();
  if (YES.has(word)) return true;
  return NO.has(word) ? false : reject(column, 'must be yes or no, or true or false');
}

function wholeNumber(column: string, value: string): number {
  return /^[+-]?\d{1,15}$/.test(value) ? Number(value) : reject(column, 'must be a whole number');
}

function platformOf(column: string, value: string): string {
  try {
    return typeOfDevice(wholeNumber(column, value));
  } catch (error) {
    if (error instanceof ApiError) reject(column, 'is no device type that is known');
    throw error;
  }
}

function jsonObject(column: string, value: string): Record<string, string | number | boolean | null> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    parsed = null;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    reject(column, 'must be a JSON object, such as {"plan":"gold"}');
  }
  for (const [key, member] of Object.entries(parsed)) {
    if (typeof member === 'object' && member !== null) {
      reject(
        column,
        `must be flat: the value of "${key.slice(0, 64)}" must be a text, a number or a boolean`,
      );
    }
  }
  return parsed as Record<string, string | number | boolean | null>;
}

const TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?$/;
const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

/** ISO 8601, without an offset in UTC, as exports have it; or Unix seconds. */
function moment(column: string, value: string): number {
  const bare = value.replace(/ ?UTC$/, '');
  const at = /^\d{1,11}$/.test(value)
    ? Number(value) * 1_000
    : Date.parse(TIME.test(bare) && bare.length > 10 ? `${bare.replace(' ', 'T')}Z` : bare);
  if (!(at >= EARLIEST && at < LATEST)) {
    reject(column, 'must be a time such as 2026-01-31T09:00:00Z or 2026-01-31 09:00:00, or Unix seconds');
  }
  return at;
}
