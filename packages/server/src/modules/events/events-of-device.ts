import type { CustomEventInput } from '@carillon/wire';

/**
 * Events as a caller without a key may tell them: about users whose onesignal_id it knows, because
 * nobody can guess that. An external_id beside it counts for nothing. Null when one names no onesignal_id.
 */
export function eventsOfDevice(inputs: readonly CustomEventInput[]): CustomEventInput[] | null {
  const events = inputs.map(({ external_id: _guessable, ...event }) => event);
  return events.every(({ onesignal_id: id }) => typeof id === 'string' && id !== '') ? events : null;
}
