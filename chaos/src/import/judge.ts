import type { ImportCounts, ImportUndo } from '@carillon/wire';
import type { BrokenRule } from '@carillon/server';
import type { Verdict } from '../scenario.ts';
import type { ImportedState } from './state-store.ts';

export interface Evidence {
  readonly kills: number;
  readonly undisturbed: ImportedState & { readonly counts: ImportCounts };
  readonly survived: ImportedState & { readonly counts: ImportCounts };
  /** What an undo of it has told, and the state before and after that. */
  readonly undo: {
    readonly view: ImportUndo | null;
    readonly before: Pick<ImportedState, 'people'>;
    readonly after: Pick<ImportedState, 'people' | 'created'>;
  };
  readonly broken: readonly BrokenRule[];
}

/** Holds an import that was disturbed against one that was not. */
export function judge({ kills, undisturbed, survived, undo, broken }: Evidence): Verdict {
  const missing = missingFrom(undisturbed.people, survived.people);
  const strangers = missingFrom(survived.people, undisturbed.people);
  const [lost, surplus] = [missing.length, strangers.length];
  const sentences = broken.map(({ rule, rows }) => `${rows} rows: ${rule}`);
  if (lost > 0)
    sentences.push(`${lost} people are not as the undisturbed import left them: ${told(missing)}`);
  if (surplus > 0)
    sentences.push(`${surplus} people are as no undisturbed import leaves them: ${told(strangers)}`);
  const [there, here] = [JSON.stringify(undisturbed.counts), JSON.stringify(survived.counts)];
  if (there !== here) sentences.push(`the counts are ${here}, undisturbed ${there}`);
  if (undisturbed.rejects !== survived.rejects) sentences.push('the rejected rows are others');
  if (undisturbed.created !== survived.created) {
    sentences.push(`an undo knows of ${survived.created} new users, undisturbed of ${undisturbed.created}`);
  }
  sentences.push(...faultsOfUndo(undo));
  return {
    figures: {
      kills,
      lost,
      duplicated: surplus,
      unaccounted: sentences.length,
      rows: survived.counts.rows,
      created: survived.counts.created,
      rejected: survived.counts.rejected,
      removed: undo.view?.users_removed ?? 0,
    },
    broken: sentences,
  };
}

/** Each user is removed, restored or left once, and those that are removed are not there any more. */
function faultsOfUndo({ view, before, after }: Evidence['undo']): string[] {
  if (view === null) return ['the undo tells nothing'];
  const { users, users_removed: removed, users_restored: restored, users_left: left } = view;
  const sentences: string[] = [];
  if (removed + restored + left !== users) {
    sentences.push(`an undo of ${users} users tells of ${removed} + ${restored} + ${left}`);
  }
  const gone = before.people.length - after.people.length;
  if (gone !== removed) sentences.push(`${gone} users are gone by an undo that tells of ${removed}`);
  if (after.created > 0) sentences.push(`${after.created} users are still to be undone`);
  return sentences;
}

const MOST_TOLD = 3;

function told(people: readonly string[]): string {
  return people.slice(0, MOST_TOLD).join('; ');
}

/** Those of `all`, each as often as it is there, that are not among the others. */
function missingFrom(all: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const one of others) left.set(one, (left.get(one) ?? 0) + 1);
  const missing: string[] = [];
  for (const one of all) {
    const count = left.get(one) ?? 0;
    if (count === 0) missing.push(one);
    else left.set(one, count - 1);
  }
  return missing;
}
