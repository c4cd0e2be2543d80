import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readAllRecords } from './record-file.ts';
import { SortedTable } from './sorted-table.ts';
import { BEGINNING, journalName, tableName } from './state.ts';
import type { JournalRecord, Progress } from './state.ts';

export interface StateView {
  readonly progress: Progress;
  /** How many digests are kept; what was acknowledged again since the last merge counts twice. */
  readonly size: number;
  get(key: string): string | null;
  /** When that was acknowledged: at a time, or no later than one. null where it never was. */
  whenOf(key: string): { readonly at: number; readonly exact: boolean } | null;
  close(): void;
}

const TRIES = 5;

/** What was acknowledged, read without touching anything: a run may be under way. */
export function lookIntoState(directory: string): StateView {
  for (let tries = 1; ; tries += 1) {
    try {
      return look(directory);
    } catch (error) {
      // A merge took the files away between two looks; the names are others now.
      const gone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!gone || tries === TRIES) throw error;
    }
  }
}

function look(directory: string): StateView {
  const current = join(directory, 'current');
  const generation = existsSync(current) ? Number(readFileSync(current, 'utf8')) : 0;
  const journal = join(directory, journalName(generation));
  const recent = new Map<string, { readonly value: string; readonly at: number }>();
  let progress = BEGINNING;
  if (generation > 0 || existsSync(journal)) {
    readAllRecords(journal, (record) => {
      const { at = 0, acked = [], progress: part } = JSON.parse(record.toString()) as JournalRecord;
      for (const [key, value] of acked) recent.set(key, { value, at });
      progress = { ...progress, ...part };
    });
  }
  const path = generation === 0 ? null : join(directory, tableName(generation));
  const table = new SortedTable(path);
  const mergedAt = path === null ? 0 : statSync(path).mtimeMs;
  return {
    progress,
    size: recent.size + table.size,
    get: (key) => recent.get(key)?.value ?? table.get(key),
    whenOf(key) {
      const found = recent.get(key);
      if (found !== undefined) return { at: found.at, exact: true };
      return table.get(key) === null ? null : { at: mergedAt, exact: false };
    },
    close: () => table.close(),
  };
}
