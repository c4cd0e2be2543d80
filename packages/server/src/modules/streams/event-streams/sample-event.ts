import { newId } from '../../../platform/ids.ts';
import type { StreamEvent } from '../destination.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

/** An event that never happened, for trying a stream out. `now` is in milliseconds since the epoch. */
export function sampleEvent(kind: string, now: number): StreamEvent {
  const [, channel = 'email'] = kind.split('.');
  return {
    place: { lane: 0, position: 0, nth: 0, day: 0 },
    userKey: NOBODY,
    event: {
      id: newId(),
      kind,
      at: new Date(now).toISOString(),
      message_id: NOBODY,
      message_name: 'A test from Carillon',
      template_id: null,
      subscription_id: NOBODY,
      onesignal_id: NOBODY,
      external_id: 'test',
      channel,
      address: 'test@example.com',
      reason: null,
      url: null,
    },
  };
}
