import type { FactSources } from '../modules/journeys/index.ts';
import { findMessageActions } from '../modules/messages/index.ts';
import { SegmentWatches, readMembers, readMemberships } from '../modules/segments/index.ts';
import { activeWebhooks } from '../modules/webhooks/index.ts';
import type { Queryable } from '../platform/database/database.ts';
import type { Modules } from './compose-modules.ts';

/** Where journeys, and simulations of them, learn of users and of what the nodes name. */
export function journeyFacts(
  database: Queryable,
  { identity, templates, policies }: Pick<Modules, 'identity' | 'templates' | 'policies'>,
): FactSources {
  const watches = new SegmentWatches(database);
  return {
    identity,
    contents: templates,
    memberships: {
      readMemberships: (appId, users, segmentIds) => readMemberships(database, appId, users, segmentIds),
      readMembers: (place, after, limit) => readMembers(database, place, after, limit),
      areReady: (appId, segmentIds) => watches.areReady(appId, segmentIds),
    },
    messageActions: (messages) => findMessageActions(database, messages),
    webhooksOf: (appId, ids) => activeWebhooks(database, appId, ids),
    rulesOf: async (appId) => {
      const { tagLimit, sending } = await policies.get(appId);
      return { tagLimit, timeZone: sending.timeZone };
    },
  };
}
