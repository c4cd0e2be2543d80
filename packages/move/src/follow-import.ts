import { setTimeout as pause } from 'node:timers/promises';
import type { ImportView } from '@carillon/client';
import { ask } from './ask.ts';
import { MoveStopped } from './fault.ts';
import type { Move } from './move.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Starts an import, or in a dry run only goes through its file, and resolves when that has ended. Throws MoveStopped. */
export async function followImport(move: Move, id: string): Promise<ImportView> {
  const { to, options } = move;
  let isChecked = false;
  let told = '';
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(LONGEST_PAUSE_MS, wait * 2)) {
    const view = await ask('Carillon', to.imports.view(id));
    const { state } = view;
    switch (state) {
      case 'ready':
        if (isChecked) return view;
        await ask('Carillon', to.imports.start(id, { dry_run: options.isDryRun }));
        isChecked = options.isDryRun;
        break;
      case 'done':
        return view;
      case 'uploading':
      case 'fetching':
      case 'queued':
      case 'checking':
      case 'running':
        told = tell(move, view, told);
        break;
      case 'failed':
      case 'cancelled':
      case 'undoing':
      case 'undone':
        await forget(move);
        throw new MoveStopped(
          'Carillon',
          `the import is ${state}${view.fault === null ? '' : `: ${view.fault}`}. The next run begins a new one`,
          'unexpected',
        );
    }
    await pause(wait);
  }
}

/** The next run makes another import of the same export. */
async function forget({ file }: Move): Promise<void> {
  const { people } = file.state;
  if (people.step !== 'importing') return;
  file.state.people = { step: 'exporting', url: people.url, askedAt: people.askedAt };
  await file.save();
}

/** Tells how far it is, when that has changed. */
function tell({ say }: Move, { state, bytes, bytes_done: done, counts }: ImportView, told: string): string {
  const percent = bytes === 0 ? 0 : Math.floor((done / bytes) * 100);
  const now = `${state} ${percent}`;
  if (now !== told) {
    say(
      { step: 'people', state, percent, rows: counts.rows },
      `people: ${state}, ${percent} %, ${counts.rows} rows`,
    );
  }
  return now;
}
