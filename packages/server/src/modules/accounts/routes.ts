import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Routes } from '../../platform/http/route.ts';
import { appRoutes } from './app-routes.ts';
import type { AppFacts } from './app-routes.ts';
import { auditRoutes } from './audit/audit-routes.ts';
import type { AccountsAuthenticator } from './authenticator.ts';
import type { AppEraser } from './erase/app-eraser.ts';
import { deletedAppRoutes } from './erase/deleted-app-routes.ts';
import { keyRoutes } from './key-routes.ts';
import type { KeyUse } from './key-use.ts';
import { organizationRoutes } from './organization-routes.ts';

export interface AccountsRoutesOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticator: AccountsAuthenticator;
  readonly keyUse: KeyUse;
  readonly facts: AppFacts;
  readonly erasers: readonly AppEraser[];
  /** How long entries of the audit log are kept, in days. */
  readonly auditLogDays: number;
}

/** Organizations, their apps, the keys of both, and who changed what. */
export function accountsRoutes(options: AccountsRoutesOptions): Routes {
  const { database, clock, authenticator, facts } = options;
  const onChange = () => authenticator.forgetKeys();
  return (http) => {
    organizationRoutes(database, clock)(http);
    appRoutes({ database, clock, ...facts })(http);
    deletedAppRoutes({ ...options, onDelete: onChange })(http);
    keyRoutes({ ...options, onChange })(http);
    auditRoutes({ database, clock, keptDays: options.auditLogDays })(http);
  };
}
