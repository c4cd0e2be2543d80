import type { Beginning, Cursors, Source } from '../model/source.ts';

/** The beginning where nothing is followed: what is there now is read as it is now. */
export function beginByLooking(source: Source, known: Cursors | null, signal: AbortSignal): Beginning {
  return {
    reason: known === null ? 'first' : 'resumed',
    cursors: {},
    async *reached(query) {
      for await (const scanned of source.scan({ of: 'reached', ...query }, signal)) {
        for (let at = 0; at < scanned.length; at += CHUNK) {
          const keys = scanned.slice(at, at + CHUNK).map(({ key }) => key);
          yield await source.changed(query.table, keys);
        }
      }
    },
    release: () => Promise.resolve(),
  };
}

const CHUNK = 500;
