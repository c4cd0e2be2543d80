import { eraseByLane, eraseInBatches } from '../accounts/index.ts';
import type { AppEraser } from '../accounts/index.ts';
import { eraseAliases, eraseTokens, eraseUsers } from './app-eraser-store.ts';

/** What goes of identity when an app is deleted. */
export const identityErasers: readonly AppEraser[] = [
  { name: 'aliases', tables: ['aliases'], erase: eraseInBatches(eraseAliases) },
  { name: 'tokens', tables: ['tokens'], erase: eraseInBatches(eraseTokens) },
  {
    name: 'users',
    tables: [
      'users',
      'subscriptions',
      'moved_subscriptions',
      'consents',
      'former_users',
      'user_changes',
      'changed_users',
    ],
    erase: eraseByLane(eraseUsers),
  },
];
