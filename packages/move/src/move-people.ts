import type { ImportView } from '@carillon/client';
import { ask } from './ask.ts';
import { askForExport, keptAt, openExport } from './export-file.ts';
import { followImport } from './follow-import.ts';
import type { Move } from './move.ts';
import type { PeopleState } from './state.ts';
import { writeRejects } from './write-rejects.ts';

/** OneSignal keeps the file for three days. */
const KEPT_MS = 3 * 24 * 3_600_000;

/** Brings users, tags and subscriptions by OneSignal's export and an import. Returns what the import counts. */
export async function movePeople(move: Move): Promise<ImportView['counts']> {
  const { options, file, say } = move;
  const { state } = file;
  if (options.isAgain && state.people.step === 'done') await keep(move, { step: 'none' });
  if (state.people.step === 'done') {
    const { counts } = state.people;
    say(
      { step: 'people', state: 'done', counts },
      'people: moved by a run before; --again brings what changed',
    );
    return counts;
  }
  const importId = await importOf(move);
  const view = await followImport(move, importId);
  const counts = options.isDryRun ? (view.dry_run ?? view.counts) : view.counts;
  if (!options.isDryRun) await keep(move, { step: 'done', importId, counts });
  if (counts.rejected > 0) await writeRejects(move, importId);
  const { rows, created, updated, unchanged, rejected } = counts;
  say(
    { step: 'people', state: options.isDryRun ? 'dry-run' : 'done', counts },
    `people: ${rows} rows${options.isDryRun ? ' would be' : ''}: ${created} created, ${updated} updated, ${unchanged} unchanged, ${rejected} rejected${rejected > 0 ? ` (${options.rejectsFile})` : ''}`,
  );
  return counts;
}

/** The import of this move: the one that is under way, or a new one. */
async function importOf(move: Move): Promise<string> {
  const { file, to } = move;
  const before = file.state.people;
  if (before.step === 'importing') {
    const answer = await to.imports.view(before.importId);
    if (answer.ok) return before.importId;
    if (answer.failure.kind !== 'not-found') await ask('Carillon', Promise.resolve(answer));
  }
  const { url, askedAt } = await exportOf(move, before);
  const { id: importId } = await handOver(move, url);
  await keep(move, { step: 'importing', url, askedAt, importId });
  return importId;
}

async function exportOf(move: Move, before: PeopleState): Promise<{ url: string; askedAt: string }> {
  const now = Date.now();
  const isThere = before.step === 'exporting' || before.step === 'importing';
  if (isThere && now - Date.parse(before.askedAt) < KEPT_MS) return before;
  const url = await askForExport(move);
  const asked = { url, askedAt: new Date(now).toISOString() };
  await keep(move, { step: 'exporting', ...asked });
  return asked;
}

async function handOver(move: Move, url: string): Promise<ImportView> {
  const { options, to, say } = move;
  const name = `onesignal-${options.from.appId}.csv`;
  const file = await openExport(url, move);
  if (options.isByUrl) {
    file.destroy();
    return ask('Carillon', to.imports.fromUrl({ url, name }));
  }
  say({ step: 'people', state: 'uploading' }, 'people: the export goes to Carillon');
  const kept = options.exportFile === null ? file : await keptAt(options.exportFile, file);
  return ask('Carillon', to.imports.upload(name, kept));
}

async function keep({ file }: Move, people: PeopleState): Promise<void> {
  file.state.people = people;
  await file.save();
}
