import type { Case } from '../case.ts';
import { appCases } from './app-cases.ts';
import { auditCases } from './audit-cases.ts';
import { clientCases } from './client-cases.ts';
import { customEventCases } from './custom-event-cases.ts';
import { deviceCases } from './devices/device-cases.ts';
import { habitCases } from './habit-cases.ts';
import { identityVerificationCases } from './identity-verification-cases.ts';
import { journeyCases } from './journey-cases.ts';
import { keyCases } from './key-cases.ts';
import { liveActivityCases } from './live-activity-cases.ts';
import { messageCases } from './message-cases.ts';
import { messageExportCases } from './message-export-cases.ts';
import { pushMessageCases } from './push-message-cases.ts';
import { outcomeCases } from './outcome-cases.ts';
import { playerClientCases } from './players/client-cases.ts';
import { playerCases } from './players/player-cases.ts';
import { pageCases } from './page-cases.ts';
import { segmentCases } from './segment-cases.ts';
import { segmentClientCases } from './segment-client-cases.ts';
import { subscriptionCases } from './subscription-cases.ts';
import { targetingCases } from './targeting-cases.ts';
import { templateCases } from './template-cases.ts';
import { timingCases } from './timing-cases.ts';
import { userCases } from './user-cases.ts';

/** Every case, in the order in which they run. */
export const cases: readonly Case[] = [
  ...appCases,
  ...keyCases,
  ...auditCases,
  ...userCases,
  ...subscriptionCases,
  ...habitCases,
  ...deviceCases,
  ...playerCases,
  ...pageCases,
  ...identityVerificationCases,
  ...templateCases,
  ...messageCases,
  ...targetingCases,
  ...segmentCases,
  ...pushMessageCases,
  ...liveActivityCases,
  ...timingCases,
  ...messageExportCases,
  ...customEventCases,
  ...outcomeCases,
  ...journeyCases,
  ...clientCases,
  ...segmentClientCases,
  ...playerClientCases,
];
