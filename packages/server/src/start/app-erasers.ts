import type { AppEraser } from '../modules/accounts/index.ts';
import { eventErasers } from '../modules/events/index.ts';
import { feedErasers } from '../modules/feed/index.ts';
import { importErasers } from '../modules/imports/index.ts';
import { identityErasers } from '../modules/identity/index.ts';
import { journeyErasers } from '../modules/journeys/index.ts';
import { laneErasers } from '../modules/lanes/index.ts';
import { messageErasers } from '../modules/messages/index.ts';
import { outcomeErasers } from '../modules/outcomes/index.ts';
import { privacyErasers } from '../modules/privacy/index.ts';
import { segmentErasers } from '../modules/segments/index.ts';
import { streamErasers } from '../modules/streams/index.ts';
import { templateErasers } from '../modules/templates/index.ts';
import { webhookErasers } from '../modules/webhooks/index.ts';

/**
 * What is erased when an app is deleted, in this order: first what acts, then what it acts upon. A test
 * makes sure that every table of the schema is here or belongs to no app.
 */
export const appErasers: readonly AppEraser[] = [
  ...importErasers,
  ...journeyErasers,
  ...webhookErasers,
  ...laneErasers,
  ...outcomeErasers,
  ...messageErasers,
  ...streamErasers,
  ...feedErasers,
  ...eventErasers,
  ...segmentErasers,
  ...templateErasers,
  ...identityErasers,
  ...privacyErasers,
];
