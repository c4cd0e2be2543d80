import type { Connector } from '../config/config.ts';
import { findUser } from './find-user.ts';
import type { FoundUser } from './find-user.ts';
import { openSource } from '../sources/open-source.ts';

/** `findUser` on a source that is opened for it. */
export async function findUserInSource(connector: Connector, id: string): Promise<FoundUser | null> {
  const { users } = connector;
  if (users === null) return null;
  const source = await openSource(connector);
  try {
    return await findUser(source, users, id);
  } finally {
    await source.close();
  }
}
