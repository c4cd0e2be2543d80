import type { Move } from './move.ts';
import type { Copied } from './state.ts';

/** What has become of a template or a segment, or in a dry run would. */
export type Outcome =
  | { readonly kind: 'created' | 'updated' | 'same' }
  /** Here it says something else under the same name, and stays as it is. */
  | { readonly kind: 'name-taken' }
  | { readonly kind: 'refused' | 'unreadable'; readonly reason: string };

/** What is of this name here. */
export interface Twin {
  readonly id: string;
  readonly print: string;
}

interface Copy {
  /** As it is there, in a form that can be compared. */
  readonly print: string;
  /** What an earlier run made of it, while it is still here. */
  readonly copied: Copied | undefined;
  /** What has its name here, otherwise. */
  readonly twin: Twin | undefined;
  /** Asks whether it would be taken; writes nothing. */
  readonly tryOut: () => Promise<{ readonly value: unknown } | { readonly refusal: string }>;
  /** Makes it here, returns its id or why not. */
  readonly create: () => Promise<{ readonly value: { readonly id: string } } | { readonly refusal: string }>;
  readonly update: (id: string) => Promise<{ readonly value: unknown } | { readonly refusal: string }>;
  /** Where the state keeps what was done. */
  readonly keep: (copied: Copied) => void;
}

/** Copies one thing, where it differs from what is here. */
export async function copyOne({ options, file }: Move, copy: Copy): Promise<Outcome> {
  const { print, copied, twin } = copy;
  const done = async (id: string, kind: 'created' | 'updated' | 'same'): Promise<Outcome> => {
    if (options.isDryRun) return { kind };
    copy.keep({ id, print });
    await file.save();
    return { kind };
  };
  const tried = async (kind: 'created' | 'updated'): Promise<Outcome> => {
    const answer = await copy.tryOut();
    return 'refusal' in answer ? { kind: 'refused', reason: answer.refusal } : { kind };
  };
  const there = copied ?? twin;
  if (there === undefined) {
    if (options.isDryRun) return tried('created');
    const made = await copy.create();
    return 'refusal' in made ? { kind: 'refused', reason: made.refusal } : done(made.value.id, 'created');
  }
  if (there.print === print) return done(there.id, 'same');
  if (copied === undefined && !options.overwrites) return { kind: 'name-taken' };
  if (options.isDryRun) return tried('updated');
  const changed = await copy.update(there.id);
  return 'refusal' in changed ? { kind: 'refused', reason: changed.refusal } : done(there.id, 'updated');
}

/** Tells what has become of one thing, with the id that it has here now. */
export function tellOutcome(
  { options, say }: Move,
  {
    kind: what,
    name,
    id,
  }: { readonly kind: 'template' | 'segment'; readonly name: string; readonly id: string },
  outcome: Outcome,
  here: string | undefined,
): void {
  const reason = 'reason' in outcome ? { reason: outcome.reason } : {};
  const line = { step: `${what}s`, name, id, here: here ?? null, outcome: outcome.kind, ...reason };
  say(line, `${what} "${name}": ${sentenceOf(outcome, options.isDryRun)}`);
}

function sentenceOf(outcome: Outcome, isDryRun: boolean): string {
  switch (outcome.kind) {
    case 'created':
    case 'updated':
      return isDryRun ? `would be ${outcome.kind}` : outcome.kind;
    case 'same':
      return 'is here as it is there';
    case 'name-taken':
      return 'left alone: here it says something else under this name. --overwrite makes it what it is there';
    case 'refused':
      return `Carillon refuses it: ${outcome.reason}`;
    case 'unreadable':
      return `to be made by hand: ${outcome.reason}`;
  }
}
