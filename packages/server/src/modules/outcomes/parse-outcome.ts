import { SUBSCRIPTION_TYPES } from '@carillon/wire';
import type { MeasureOutcomeBody, MeasureOutcomeSourcesBody } from '@carillon/wire';
import { invalidField } from '../../platform/http/invalid-field.ts';
import { isUuid } from '../../platform/ids.ts';
import { deviceTypeOf, typeOfDevice } from '../identity/index.ts';
import { NOT_REPORTED, SESSION } from './outcome.ts';
import type { Outcome } from './outcome.ts';

/** Throws ApiError `request-invalid` or `player-device-type`. */
export function parseOutcome(body: MeasureOutcomeBody): Outcome {
  const messageIds = idsOf('notification_ids', body.notification_ids);
  return {
    ...commonOf(body),
    attribution: messageIds.length === 0 ? 'unattributed' : body.direct === true ? 'direct' : 'influenced',
    messageIds,
  };
}

/** As `parseOutcome`. A direct source counts before those that only influenced. */
export function parseOutcomeSources(body: MeasureOutcomeSourcesBody): Outcome {
  const direct = idsOf('sources.direct.notification_ids', body.sources?.direct?.notification_ids);
  const indirect = idsOf('sources.indirect.notification_ids', body.sources?.indirect?.notification_ids);
  const common = commonOf(body);
  if (direct.length > 0) return { ...common, attribution: 'direct', messageIds: direct };
  if (indirect.length > 0) return { ...common, attribution: 'influenced', messageIds: indirect };
  return { ...common, attribution: 'unattributed', messageIds: [] };
}

function commonOf(body: MeasureOutcomeBody | MeasureOutcomeSourcesBody) {
  const { id: name, weight, session_time: seconds } = body;
  // PostgreSQL has no text with NUL.
  if (name.includes('\0')) throw invalidField('id', 'must not contain the character NUL');
  if (NOT_REPORTED.includes(name)) {
    throw invalidField('id', `must not be ${name}: that is counted by the server, choose another name`);
  }
  const value = (name === SESSION ? seconds : weight) ?? 0;
  return { name, deviceType: platformOf(body), value };
}

function platformOf(body: MeasureOutcomeBody | MeasureOutcomeSourcesBody): number {
  const { subscription }: MeasureOutcomeBody = body;
  const type = subscription?.type;
  if (type !== undefined) return deviceTypeOf(spelled(type));
  const given = body.device_type ?? null;
  if (given === null) throw invalidField('subscription.type', 'or device_type is required');
  return deviceTypeOf(typeOfDevice(given));
}

/** The name of a kind of subscription, given in any case. */
function spelled(type: string): string {
  const known = SUBSCRIPTION_TYPES.find((name) => name.toLowerCase() === type.toLowerCase());
  if (known === undefined) {
    throw invalidField('subscription.type', `must be one of ${SUBSCRIPTION_TYPES.join(', ')}`);
  }
  return known;
}

function idsOf(field: string, ids: readonly string[] | null | undefined): string[] {
  const unique = [...new Set((ids ?? []).map((id) => id.toLowerCase()))];
  if (!unique.every(isUuid)) throw invalidField(field, 'must be ids of messages: UUIDs');
  return unique;
}
