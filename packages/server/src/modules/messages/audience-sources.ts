import type { AudienceSources } from '../audience/index.ts';
import { messageEventRows } from './events/message-event-rows-store.ts';

/** What audiences ask of messages, and of saved segments; there are none of these when absent. */
export function audienceSources(segments?: AudienceSources['segments']): AudienceSources {
  return { messageEvents: messageEventRows, segments: segments ?? (async () => new Map()) };
}
