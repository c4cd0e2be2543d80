import { eraseByLane, eraseInBatches } from '../accounts/index.ts';
import type { AppEraser } from '../accounts/index.ts';
import { eraseCalls } from './app-eraser-store.ts';
import { eraseAttempts } from './attempts/attempt-store.ts';

/** What goes of webhooks when an app is deleted. The webhooks themselves go with the app's row. */
export const webhookErasers: readonly AppEraser[] = [
  { name: 'webhook-calls', tables: ['webhook_calls'], erase: eraseByLane(eraseCalls) },
  { name: 'webhook-attempts', tables: ['webhook_attempts'], erase: eraseInBatches(eraseAttempts) },
];
