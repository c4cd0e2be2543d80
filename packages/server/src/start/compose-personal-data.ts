import { inboundSmsData, sandboxData, smsOptOutData, suppressionData } from '../modules/channels/index.ts';
import { customEventData } from '../modules/events/index.ts';
import { feedData } from '../modules/feed/index.ts';
import { changedUserData, identityData } from '../modules/identity/index.ts';
import type { Identity, PersonalData } from '../modules/identity/index.ts';
import { importData, importFileData } from '../modules/imports/index.ts';
import { journeyData } from '../modules/journeys/index.ts';
import { inboxData } from '../modules/lanes/index.ts';
import { liveActivityData, messageData } from '../modules/messages/index.ts';
import { liveSegmentData, segmentData } from '../modules/segments/index.ts';
import { streamData } from '../modules/streams/index.ts';
import type { ContentCache } from '../modules/templates/index.ts';
import { webhookData } from '../modules/webhooks/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';

export interface ComposePersonalDataOptions {
  /** For erasing, made by `openErasingDatabase`. */
  readonly database: Database;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly contents: ContentCache;
}

/**
 * Everything that holds data about people, in the order of an export and of erasing: what makes new data
 * goes before what it makes, and the feed before the ledger that it refers to.
 */
export function composePersonalData(options: ComposePersonalDataOptions): PersonalData[] {
  const { database } = options;
  return [
    ...identityData(database),
    changedUserData(database),
    liveSegmentData(database),
    inboxData(database),
    customEventData(database),
    ...journeyData(database),
    ...webhookData(database),
    streamData(database),
    feedData(database),
    liveActivityData(database),
    ...messageData(options),
    segmentData(database),
    inboundSmsData(database),
    smsOptOutData(database),
    sandboxData(database),
    suppressionData(database),
    importData(database),
    importFileData(database),
  ];
}
