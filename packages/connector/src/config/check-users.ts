import { getSupportedRegionCodes } from 'awesome-phonenumber';
import { mostRemovals } from '../model/guard-removals.ts';
import { ConfigInvalid } from './config-invalid.ts';
import type { OnDelete, UsersModel } from './config.ts';
import type { Row } from './fields.ts';

const POLICIES: readonly OnDelete[] = ['ignore', 'unsubscribe', 'delete'];

/** @throws ConfigInvalid naming the field, the rule and the fix. */
export function checkUsers({ onDelete = 'ignore', limits, subscriptions = [] }: UsersModel<Row>): void {
  if (!POLICIES.includes(onDelete))
    throw new ConfigInvalid('users.onDelete', `is one of ${POLICIES.join(', ')}`);
  if (mostRemovals(limits?.maxDeletes, 0) === null) {
    throw new ConfigInvalid('users.limits.maxDeletes', 'is a share such as "1%", or a number of users');
  }
  for (const field of subscriptions) {
    if (field.type !== 'SMS' || typeof field.defaultCountry !== 'string') continue;
    if (!getSupportedRegionCodes().includes(field.defaultCountry.toUpperCase())) {
      throw new ConfigInvalid('sms.defaultCountry', 'is an ISO 3166-1 code of two letters, such as US');
    }
    if (field.normalize === undefined) {
      throw new ConfigInvalid('sms.defaultCountry', "is read with normalize: 'E.164' only");
    }
  }
}
