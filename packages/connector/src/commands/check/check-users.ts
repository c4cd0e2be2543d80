import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UsersModel } from '../../config/config.ts';
import type { Row } from '../../config/fields.ts';
import { SeenWriter } from '../../home/seen-writer.ts';
import { mapUser } from '../../model/map-user.ts';
import type { Finding, Source } from '../../model/source.ts';
import { countOf } from '../ago.ts';

/** Rows that are mapped for a look at what they become. */
const SAMPLE = 500;
/** What Carillon takes of one tag at most. */
const LONGEST_TAG = 1024;

/** Is the model's key unique, and what do its first rows become? Reads every key, and changes nothing. */
export async function checkUsers(users: UsersModel<Row>, source: Source): Promise<Finding[]> {
  const sample: string[] = [];
  const { rows, keys } = await countKeys(source, sample);
  const findings: Finding[] = [uniqueness(users.key, rows, keys)];
  const mapped = (await source.rows(sample)).map((row) => mapUser(users, row));
  const tags = mapped.flatMap(({ user }) => (user === null ? [] : [user.properties.tags]));
  const most = Math.max(0, ...tags.map((tags) => Object.values(tags).filter((text) => text !== '').length));
  const long = [
    ...new Set(
      tags.flatMap((tags) =>
        Object.entries(tags)
          .filter(([, text]) => text.length > LONGEST_TAG)
          .map(([name]) => name),
      ),
    ),
  ];
  const refused = mapped.filter(({ rejects }) => rejects.length > 0).length;
  findings.push({
    what: 'users.tags',
    state: 'good',
    detail: `at most ${most} a user in the first ${tags.length}`,
    fix: null,
  });
  if (long.length > 0) {
    const detail = `longer than ${LONGEST_TAG} characters: ${long.join(', ')}`;
    findings.push({ what: 'users.tags', state: 'warning', detail, fix: 'shorten them in the model' });
  }
  if (refused > 0) {
    const detail = `${refused} of the first ${mapped.length} rows have something that is not accepted`;
    findings.push({ what: 'users', state: 'warning', detail, fix: 'plan tells what and which' });
  }
  return findings;
}

/** Each key once, on the disk: memory does not grow with the table. */
async function countKeys(source: Source, sample: string[]): Promise<{ rows: number; keys: number }> {
  const directory = mkdtempSync(join(tmpdir(), 'carillon-check-'));
  const writer = new SeenWriter(join(directory, 'keys.bin'));
  let rows = 0;
  try {
    for await (const scanned of source.scan({ of: 'users' }, new AbortController().signal)) {
      rows += scanned.length;
      writer.add(scanned);
      for (const { key } of scanned.slice(0, SAMPLE - sample.length)) sample.push(key);
    }
    return { rows, keys: writer.finish() };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function uniqueness(key: string, rows: number, keys: number): Finding {
  const what = 'users.key';
  if (rows === keys)
    return { what, state: 'good', detail: `${key} is unique in ${countOf(rows)} rows`, fix: null };
  return {
    what,
    state: 'refused',
    detail: `${key} is not unique: ${countOf(rows)} rows have ${countOf(keys)} keys`,
    fix: 'group the model by its key, or name another one',
  };
}
