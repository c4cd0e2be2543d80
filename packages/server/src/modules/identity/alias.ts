import type { IdentityInput } from '@carillon/wire';
import { ApiError } from '../../platform/http/api-error.ts';
import { isUuid } from '../../platform/ids.ts';
import { checkName, refuse } from './text-rule.ts';

/** Aliases besides external_id that a user can have. */
export const ALIAS_LIMIT = 20;

const LONGEST_LABEL = 128;
const LONGEST_VALUE = 128;

/**
 * Values that programs send when they have no id. Attached to the first user who comes along, each
 * would gather everybody else's subscriptions.
 */
export const BLOCKED_EXTERNAL_IDS: readonly string[] = ['NA', 'NULL', 'null', 'undefined', '0', '1', '-1'];

/** What addresses or names a user: its id, or a label and a value. */
export type UserAddress =
  | { readonly by: 'id'; readonly id: string }
  | { readonly by: 'alias'; readonly label: string; readonly value: string };

/** The aliases of a request: `onesignal_id` apart, because it is the user itself. */
export interface RequestedIdentity {
  readonly userId: string | null;
  /** In the order of their labels. */
  readonly aliases: readonly Alias[];
}

export interface Alias {
  readonly label: string;
  readonly value: string;
}

/** Throws ApiError `request-invalid` or `request-1`. Values are case-sensitive and kept as they are. */
export function parseIdentity(
  identity: IdentityInput | null | undefined,
  blocked: readonly string[] = BLOCKED_EXTERNAL_IDS,
): RequestedIdentity {
  let userId: string | null = null;
  const aliases: Alias[] = [];
  for (const [label, given] of Object.entries(identity ?? {})) {
    const value = String(given);
    if (label === 'onesignal_id') userId = parseUserId(value);
    else aliases.push(parseAlias(label, value, blocked));
  }
  return { userId, aliases: aliases.toSorted((a, b) => (a.label < b.label ? -1 : 1)) };
}

/** The user that a path or a transfer names. */
export function parseAddress(label: string, value: string): UserAddress {
  return label === 'onesignal_id' ? { by: 'id', id: parseUserId(value) } : { by: 'alias', label, value };
}

function parseUserId(value: string): string {
  if (!isUuid(value)) throw new ApiError('request-1', { meta: { onesignal_id: value } });
  return value.toLowerCase();
}

function parseAlias(label: string, value: string, blocked: readonly string[]): Alias {
  checkName('identity: the alias label', label, LONGEST_LABEL);
  checkName(`identity.${label}`, value, LONGEST_VALUE);
  if (label === 'external_id' && blocked.includes(value)) {
    refuse(
      'identity.external_id',
      `must not be "${value}": programs send it when they have no id, and everybody would become one user. Send the real id, or leave external_id out.`,
    );
  }
  return { label, value };
}
