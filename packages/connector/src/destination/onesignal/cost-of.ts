import type { OneSignalTarget } from '../../config/target.ts';
import { costOf } from '../cost.ts';
import type { Cost, Work } from '../cost.ts';
import { PUBLISHED, ratesOf } from './published.ts';

/** What is begun with of a published rate. */
const SHARE = 0.9;
/** Events of a typical size in one request. */
const EVENTS_A_REQUEST = 500;

/** Pure: requests and time at the limits that OneSignal publishes. */
export function oneSignalCost(target: OneSignalTarget, work: Work): Cost {
  const { users, messages, events } = ratesOf(target);
  const parts = Math.max(1, Math.ceil(work.propertiesPerUser / PUBLISHED.propertiesPerRequest));
  return costOf([
    {
      what: 'user requests',
      // Another address: the new one on, the old one off.
      requests:
        work.newUsers * parts + work.changedProperties * parts + work.changedSubscriptions * 2 + work.removed,
      perSecond: users * SHARE,
    },
    {
      what: 'event requests',
      requests: Math.ceil(work.events / EVENTS_A_REQUEST),
      perSecond: (events ?? PUBLISHED.firstEventsPerSecond) * SHARE,
    },
    { what: 'messages', requests: work.messages, perSecond: messages * SHARE },
  ]);
}
