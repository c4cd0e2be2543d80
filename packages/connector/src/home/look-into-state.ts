import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAllRecords } from './record-file.ts';
import { SortedTable } from './sorted-table.ts';
import { journalName, tableName } from './state.ts';
import type { JournalRecord } from './state.ts';

export interface StateView {
  get(key: string): string | null;
  close(): void;
}

/** What was acknowledged, read without touching anything: a run may be under way. */
export function lookIntoState(directory: string): StateView {
  const current = join(directory, 'current');
  const generation = existsSync(current) ? Number(readFileSync(current, 'utf8')) : 0;
  const journal = join(directory, journalName(generation));
  const recent = new Map<string, string>();
  if (existsSync(journal)) {
    readAllRecords(journal, (record) => {
      const { acked } = JSON.parse(record.toString()) as JournalRecord;
      for (const [key, value] of acked ?? []) recent.set(key, value);
    });
  }
  const table = new SortedTable(generation === 0 ? null : join(directory, tableName(generation)));
  return {
    get: (key) => recent.get(key) ?? table.get(key),
    close: () => table.close(),
  };
}
