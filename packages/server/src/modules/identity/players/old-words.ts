import type { ErrorCode } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';

/** Fields that a player has under another name. */
const FIELDS: Readonly<Record<string, string>> = {
  'subscription.token': 'identifier',
  'subscription.app_version': 'game_version',
  'subscription.session_time': 'playtime',
  'deltas.session_time': 'active_time',
  'identity.external_id': 'external_user_id',
};

/** Refusals that a player has other words for, with the same values in them. */
const CODES: Readonly<Partial<Record<ErrorCode, ErrorCode>>> = {
  'user-not-found': 'player-not-found',
  'subscription-0': 'player-not-found',
  'tag-limit': 'player-tag-limit',
};

/** Runs a call about users or subscriptions, and says its refusals in the words of players. */
export async function inOldWords<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof ApiError ? oldRefusal(error) : error;
  }
}

function oldRefusal(refusal: ApiError): ApiError {
  const { code, params } = refusal;
  if (code === 'request-invalid') {
    return new ApiError(code, { params: { ...params, field: oldField(String(params['field'])) } });
  }
  const old = CODES[code];
  return old === undefined ? refusal : new ApiError(old, { params, cause: refusal });
}

/** `properties.tags.a` was `tags.a`. */
function oldField(field: string): string {
  return FIELDS[field] ?? field.replace(/^(?:subscription|properties|deltas)\./, '');
}
