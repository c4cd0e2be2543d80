import type { Queryable } from '../../platform/database/database.ts';
import { ErasedCounts } from '../identity/index.ts';
import type { PersonalData } from '../identity/index.ts';
import { erasePeople } from './eraser-store.ts';

/** What imports hold about people: how they were before, for an undo. Files hold nobody by an id, and go at the end. */
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
