import { eraseInBatches } from '../accounts/index.ts';
import type { AppEraser } from '../accounts/index.ts';
import { eraseAttempts } from './event-streams/attempt-store.ts';

/** What goes of event streams when an app is deleted. The streams themselves go with the app's row. */
export const streamErasers: readonly AppEraser[] = [
  {
    name: 'event-stream-attempts',
    tables: ['event_stream_attempts'],
    erase: eraseInBatches(eraseAttempts),
  },
];
