import type { Database, Queryable } from '../../platform/database/database.ts';
import { ErasedCounts } from '../identity/index.ts';
import type { Erased, Person, PersonalData } from '../identity/index.ts';
import { eraseFromFile } from './erase-from-file.ts';
import { erasePeople } from './eraser-store.ts';
import { findWithFile } from './import-store.ts';

/** What imports hold about people for an undo: how they were before. */
export function importData(database: Queryable): PersonalData {
  return {
    name: 'imports',
    isThorough: true,
    exportOf: null,
    async erase(people) {
      const counts = new ErasedCounts(people);
      for (const app of new Set(people.map(({ appId }) => appId))) {
        const ids = people.flatMap(({ appId, users }) =>
          appId === app ? users.map(({ userId }) => userId) : [],
        );
        if (ids.length > 0) counts.add(ids, await erasePeople(database, app, ids));
      }
      return counts.results();
    },
  };
}

/** Rows of files that wait to be imported, or are being imported. Others are gone with their import. */
export function importFileData(database: Database): PersonalData {
  return {
    name: 'import_files',
    exportOf: null,
    async erase(people) {
      const results: Erased[] = people.map(() => ({ rows: 0, isUnfinished: false }));
      for (const app of new Set(people.map(({ appId }) => appId))) {
        const places = [...people.keys()].filter((place) => people[place]?.appId === app);
        const its = places.map((place) => people[place] as Person);
        for (const record of await findWithFile(database, app)) {
          // Looked through when it is here.
          const isUnfinished = record.state === 'uploading' || record.state === 'fetching';
          const counts = isUnfinished ? [] : await eraseFromFile(database, record, its);
          for (const [index, place] of places.entries()) {
            const { rows = 0, isUnfinished: before = false } = results[place] ?? {};
            results[place] = { rows: rows + (counts[index] ?? 0), isUnfinished: before || isUnfinished };
          }
        }
      }
      return results;
    },
  };
}
