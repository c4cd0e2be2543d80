import { setImmediate as breathe } from 'node:timers/promises';
import { compareSeen, START } from '../home/compare-seen.ts';
import type { Difference } from '../home/compare-seen.ts';
import { NEVER_LOOKED } from '../home/look.ts';
import type { Look, LookCount, SeenFile } from '../home/look.ts';
import type { ScanQuery } from '../model/source.ts';
import type { Session } from './session.ts';

/** What is looked at, and what is done with what differs. */
export interface LookedAt {
  /** Under which its state is kept. */
  readonly name: string;
  readonly query: ScanQuery;
  /** Told before anything is queued; throws where nothing may be. */
  found(count: LookCount): void;
  /** Queues what differs. It is kept that this was done; after a crash a part may come again. */
  queue(differences: readonly Difference[], signal: AbortSignal): Promise<void>;
}

const SAMPLE = 5;

/**
 * Reads everything, compares it with what the last finished look has seen, and queues what differs. Goes
 * on where a crash or `signal` has ended it. What was seen is kept only when everything is queued.
 */
export async function look(session: Session, at: LookedAt, signal: AbortSignal): Promise<void> {
  if (lookOf(session, at.name).step.at === 'due') await scan(session, at, signal);
  const { step, seen, everything } = lookOf(session, at.name);
  if (step.at !== 'queueing') return;
  const { scanned } = step;
  const files = session.home.seenFiles;
  const old = seen === null ? null : files.pathOf(seen.name);
  for (const { differences, end } of compareSeen(old, files.pathOf(scanned.name), step.from, everything)) {
    if (differences.length === 0) await breathe();
    else {
      await at.queue(differences, signal);
      if (signal.aborted) return;
      await keep(session, at.name, { seen, everything, step: { at: 'queueing', scanned, from: end } });
    }
  }
  await keep(session, at.name, { seen: scanned, everything: false, step: { at: 'done' } });
  files.keepOnly(at.name, [scanned.name]);
}

export function lookOf({ home }: Session, name: string): Look {
  return home.state.progress.looks[name] ?? NEVER_LOOKED;
}

export function keep({ home }: Session, name: string, look: Look): Promise<void> {
  return home.state.commit([], { looks: { ...home.state.progress.looks, [name]: look } });
}

/** Writes down what is there now, and counts what differs before any of it is queued. */
async function scan(session: Session, at: LookedAt, signal: AbortSignal): Promise<void> {
  const { source, home } = session;
  const before = lookOf(session, at.name);
  const version = await source.version(at.query);
  if (version !== null && version === before.seen?.version && !before.everything) {
    return keep(session, at.name, { ...before, step: { at: 'done' } });
  }
  home.seenFiles.keepOnly(at.name, before.seen === null ? [] : [before.seen.name]);
  const { file, writer } = home.seenFiles.begin(at.name);
  try {
    for await (const keys of source.scan(at.query, signal)) writer.add(keys);
  } catch (error) {
    writer.abandon();
    throw error;
  }
  if (signal.aborted) return writer.abandon();
  const scanned = { name: file, keys: writer.finish(), version };
  at.found(await count(session, before.seen, scanned));
  await keep(session, at.name, { ...before, step: { at: 'queueing', scanned, from: START } });
}

async function count({ home }: Session, seen: SeenFile | null, scanned: SeenFile): Promise<LookCount> {
  const of = { fresh: 0, changed: 0, unchanged: 0, gone: 0 };
  const goneSample: string[] = [];
  const old = seen === null ? null : home.seenFiles.pathOf(seen.name);
  for (const { differences } of compareSeen(old, home.seenFiles.pathOf(scanned.name), START, false)) {
    for (const { kind, key } of differences) {
      of[kind] += 1;
      if (kind === 'gone' && goneSample.length < SAMPLE) goneSample.push(key);
    }
    await breathe();
  }
  const { fresh, changed, gone } = of;
  return { known: seen?.keys ?? 0, scanned: scanned.keys, fresh, changed, gone, goneSample };
}
