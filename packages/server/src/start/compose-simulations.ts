import { Simulations } from '../modules/journeys/index.ts';
import { findMessageTimes } from '../modules/messages/index.ts';
import { meaningsOf } from '../modules/segments/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import type { Modules } from './compose-modules.ts';
import { journeyFacts } from './journey-facts.ts';

/** Simulations of journeys ask what journeys ask, and of the past besides. */
export function composeSimulations(database: Database, clock: Clock, modules: Modules): Simulations {
  const { identity, messageEvents, journeys, previews } = modules;
  return new Simulations({
    database,
    clock,
    identity,
    messageEvents,
    facts: journeyFacts(database, modules),
    messageTimes: (messages) => findMessageTimes(database, messages),
    journeyOf: (appId, id) => journeys.get(appId, id),
    segmentsOf: (appId, ids) => meaningsOf(database, appId, ids),
    showTexts: (appId, { templateId, userId, customData }) =>
      previews.previewSaved(appId, templateId, userId, customData),
  });
}
