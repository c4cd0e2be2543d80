import { eraseByLane, eraseInBatches } from '../accounts/index.ts';
import type { AppEraser } from '../accounts/index.ts';
import { eraseEventKeys, eraseEvents } from './app-eraser-store.ts';
import { eraseNames } from './names/name-store.ts';

/** What goes of custom events when an app is deleted. */
export const eventErasers: readonly AppEraser[] = [
  { name: 'custom-events', tables: ['custom_events'], erase: eraseByLane(eraseEvents) },
  { name: 'custom-event-names', tables: ['custom_event_names'], erase: eraseInBatches(eraseNames) },
  { name: 'custom-event-keys', tables: ['custom_event_keys'], erase: eraseInBatches(eraseEventKeys) },
];
