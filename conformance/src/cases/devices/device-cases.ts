import type { Case } from '../../case.ts';
import { addressCases } from './address-cases.ts';
import { firstOpenCases } from './first-open-cases.ts';
import { goneCases } from './gone-cases.ts';
import { loginCases } from './login-cases.ts';
import { logoutCases } from './logout-cases.ts';
import { pushCases } from './push-cases.ts';
import { userDataCases } from './user-data-cases.ts';

/** What device SDKs do, from the first open to the last. */
export const deviceCases: readonly Case[] = [
  ...firstOpenCases,
  ...loginCases,
  ...logoutCases,
  ...pushCases,
  ...addressCases,
  ...userDataCases,
  ...goneCases,
];
