import { resolve } from 'node:path';
import { ConfigInvalid } from '../../config/config-invalid.ts';
import type { Connector } from '../../config/config.ts';
import { openSource } from '../../sources/open-source.ts';
import { bytesOf, countOf } from '../ago.ts';
import { EXIT } from '../exit-code.ts';
import { confirmImport } from './confirm-import.ts';
import { writeImport } from './write-import.ts';
import type { WrittenImport } from './write-import.ts';

/** Users between two lines of progress. */
const TELL_EVERY = 100_000;

/** `backfill --via csv`: writes the users that OneSignal does not have as files for its import. */
export async function exportUsers(
  connector: Connector,
  { via, out, json }: { readonly via?: string; readonly out: string; readonly json: boolean },
): Promise<number> {
  if (via !== 'csv') throw new ConfigInvalid('--via', `is csv; it is "${via}"`);
  if (connector.target.kind !== 'onesignal')
    throw new ConfigInvalid('--via csv', 'is for OneSignal: sync brings users to Carillon in bulk');
  const folder = resolve(out);
  const source = await openSource(connector);
  let toldAt = 0;
  try {
    const written = await writeImport(connector, source, folder, (users) => {
      if (users - toldAt < TELL_EVERY) return;
      toldAt = users;
      process.stdout.write(json ? `${JSON.stringify({ users })}\n` : `written   ${countOf(users)} users\n`);
    });
    process.stdout.write(json ? `${JSON.stringify(written)}\n` : whatNext(folder, written));
    return written.rejected > 0 ? EXIT.rejectedRows : EXIT.done;
  } finally {
    await source.close();
  }
}

/** `backfill --confirm-imported`: what was written counts as acknowledged. */
export async function confirmUsers(connector: Connector, json: boolean): Promise<number> {
  const { users, cameBack } = await confirmImport(connector);
  const lines = [
    `${countOf(users)} users count as acknowledged: the next sync sends what the files could not carry, and what has changed since`,
    ...(cameBack === 0
      ? []
      : [
          `${countOf(cameBack)} users were removed or forgotten after the files were written, and have come back with them: forget them again`,
        ]),
  ];
  process.stdout.write(json ? `${JSON.stringify({ users, cameBack })}\n` : `${lines.join('\n')}\n`);
  return EXIT.done;
}

function whatNext(
  folder: string,
  { files, users, usersWithAliases, rejected, known }: WrittenImport,
): string {
  if (users === 0) return `nothing to import: OneSignal has acknowledged ${countOf(known)} users\n`;
  return [
    ...files.map(({ path, rows, bytes }) => `written   ${path}  ${countOf(rows)} rows, ${bytesOf(bytes)}`),
    `users     ${countOf(users)}, of whom ${countOf(usersWithAliases)} have aliases that sync sends afterwards`,
    ...(known === 0
      ? []
      : [`          ${countOf(known)} more were acknowledged before: sync sends what differs`]),
    ...(rejected === 0
      ? []
      : [`rejects   ${countOf(rejected)} rows are left out, or some of their fields: plan says why`]),
    'next      1. In the dashboard of OneSignal: Audience > Users > Update/Import Users; each of these files, one after the other.',
    '          2. When all of them are done: carillon-connect backfill --confirm-imported',
    '          3. carillon-connect sync',
    `          4. Delete ${folder}: the files hold addresses. Run no sync before step 2.`,
    '',
  ].join('\n');
}
