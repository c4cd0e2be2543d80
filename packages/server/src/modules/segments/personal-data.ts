import type { FilterEntry } from '@carillon/wire';
import type { Queryable } from '../../platform/database/database.ts';
import { withoutEmails } from '../audience/index.ts';
import { ErasedCounts, isEmailAddress, parseEmail } from '../identity/index.ts';
import type { PersonalData } from '../identity/index.ts';
import { SegmentWatches } from './live/segment-watches.ts';
import { findWithEmails, storeFilters } from './segment-store.ts';

/** What segments hold about people: the addresses that filters ask for. Such a filter is true of nobody then. */
export function segmentData(database: Queryable): PersonalData {
  return {
    name: 'segments',
    exportOf: null,
    async erase(people) {
      const counts = new ErasedCounts(people);
      for (const { appId, addresses, users } of people) {
        const gone = new Set(addresses);
        for (const segment of gone.size === 0 ? [] : await findWithEmails(database, appId)) {
          const include = segment.conditions;
          const left = withoutEmails({ include, exclude: [], only: [] }, (email) => gone.has(email));
          if (left.include === include) continue;
          const filters = segment.filters.map((filter) =>
            asksFor(filter, gone) ? { ...filter, value: '' } : filter,
          );
          await storeFilters(database, appId, { id: segment.id, filters, conditions: left.include });
          await new SegmentWatches(database).noteChange(database, appId, segment.id);
          counts.add(
            users.map(({ userId }) => userId),
            1,
          );
        }
      }
      return counts.results();
    },
  };
}

function asksFor({ field, value }: FilterEntry, addresses: ReadonlySet<string>): boolean {
  const text = String(value);
  return field === 'email' && isEmailAddress(text) && addresses.has(parseEmail(text));
}
