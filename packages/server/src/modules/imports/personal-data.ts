import type { Database, Queryable } from '../../platform/database/database.ts';
import { ErasedCounts } from '../identity/index.ts';
import type { DeletedPerson, PersonalData } from '../identity/index.ts';
import { eraseFromFile } from './erase-from-file.ts';
import { erasePeople } from './eraser-store.ts';
import type { ImportRecord } from './import-record.ts';
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

/**
 * Rows of files that wait to be imported, or are being imported. Others are gone with their import. A file that came
 * after somebody was deleted tells of them anew, and whom an undo has deleted another file may bring.
 */
export function importFileData(database: Database): PersonalData {
  return {
    name: 'import_files',
    exportOf: null,
    async erase(people) {
      const results = people.map(() => ({ rows: 0, isUnfinished: false }));
      for (const app of new Set(people.map(({ appId }) => appId))) {
        for (const record of await findWithFile(database, app)) {
          const places = [...people.keys()].filter((place) => isOlder(record, people[place]));
          // Looked through when it is here.
          const isUnfinished = record.state === 'uploading' || record.state === 'fetching';
          const its = places.flatMap((place) => people[place] ?? []);
          const counts = isUnfinished || its.length === 0 ? [] : await eraseFromFile(database, record, its);
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

/** Did a file of the person's app come before they were deleted by somebody's wish? */
function isOlder({ appId, createdAt }: ImportRecord, person: DeletedPerson | undefined): boolean {
  return person?.appId === appId && !person.byUndo && createdAt <= person.deletedAt;
}
