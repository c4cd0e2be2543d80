import type { Case } from '../../case.ts';
import { accessCases } from './access-cases.ts';
import { activityCases } from './activity-cases.ts';
import { addCases } from './add-cases.ts';
import { changeCases } from './change-cases.ts';
import { listCases } from './list-cases.ts';

/** What old clients send: one flat record, the player, for each device, address or number. */
export const playerCases: readonly Case[] = [
  ...addCases,
  ...changeCases,
  ...listCases,
  ...activityCases,
  ...accessCases,
];
