import type { UsersModel } from '../config/config.ts';
import type { Row } from '../config/fields.ts';
import type { Source } from '../model/source.ts';
import { asText } from '../model/as-text.ts';
import { allKeys } from './all-keys.ts';
import { mapUser } from '../model/map-user.ts';
import type { Mapping } from '../model/map-user.ts';

export interface FoundUser {
  readonly key: string;
  readonly row: Row;
  readonly mapping: Mapping;
}

type Rows = Pick<Source, 'scan' | 'rows'>;

/**
 * The user of the model with this key or external id. An external id that is made from the key by a
 * function mostly holds it: its parts are tried as keys first, and only then is the model read through.
 */
export async function findUser(source: Rows, model: UsersModel<Row>, id: string): Promise<FoundUser | null> {
  for (const key of likelyKeys(id)) {
    // A text that is no key of this type is an error to the database.
    const rows = await source.rows([key]).catch(() => []);
    const found = rows.map((row) => mapped(model, row)).find((user) => isMeant(user, id));
    if (found !== undefined) return found;
  }
  if (model.externalId === undefined) return null;
  for await (const keys of allKeys(source)) {
    for (const row of await source.rows(keys)) {
      const user = mapped(model, row);
      if (user.mapping.user?.externalId === id) return user;
    }
  }
  return null;
}

function mapped(model: UsersModel<Row>, row: Row): FoundUser {
  return { key: asText(row[model.key]), row, mapping: mapUser(model, row) };
}

function isMeant({ key, mapping }: FoundUser, id: string): boolean {
  return key === id || mapping.user?.externalId === id;
}

function likelyKeys(id: string): string[] {
  return [...new Set([id, ...(id.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+/gi) ?? [])])];
}
