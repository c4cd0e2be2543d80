import type { Clock } from '../../platform/clock.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { newId } from '../../platform/ids.ts';
import type { AppSettings } from './app-settings.ts';
import { insertApp } from './app-store.ts';
import type { AppRow } from './app-store.ts';
import { insertOrganization } from './organization-store.ts';

/** Returns the id of the new organization. */
export async function createOrganization(
  queryable: Queryable,
  clock: Clock,
  { name }: { name: string },
): Promise<string> {
  const id = newId();
  await insertOrganization(queryable, { id, name, now: clock.now() });
  return id;
}

/** The organization must exist. */
export async function createApp(
  queryable: Queryable,
  clock: Clock,
  { organizationId, name, settings = {} }: { organizationId: string; name: string; settings?: AppSettings },
): Promise<AppRow> {
  return insertApp(queryable, { id: newId(), organizationId, name, settings, now: clock.now() });
}
