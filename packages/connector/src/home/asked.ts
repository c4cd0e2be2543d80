import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OutboxItem } from '../model/outbox-item.ts';
import { syncDirectory } from './sync-directory.ts';
import { writeWhole } from './write-whole.ts';

/** What a person asks of whoever works in this home, now or next. */
export type Asked =
  | { readonly kind: 'replay'; readonly items: readonly OutboxItem[] }
  | { readonly kind: 'forget'; readonly externalId: string; readonly key: string | null };

/** One request that waits, under the name of its file. */
export interface Waiting {
  readonly name: string;
  readonly asked: Asked;
}

/** Leaves a request for the run that is under way, or for the next one. Gives its name. */
export function ask(directory: string, asked: Asked): string {
  mkdirSync(folder(directory), { recursive: true });
  const name = `${Date.now()}-${randomUUID()}.json`;
  writeWhole(join(folder(directory), name), JSON.stringify(asked));
  syncDirectory(folder(directory));
  syncDirectory(directory);
  return name;
}

/** What waits, the oldest first. */
export function whatIsAsked(directory: string): Waiting[] {
  if (!existsSync(folder(directory))) return [];
  return readdirSync(folder(directory))
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => ({
      name,
      asked: JSON.parse(readFileSync(join(folder(directory), name), 'utf8')) as Asked,
    }));
}

export function isAsked(directory: string, name: string): boolean {
  return existsSync(join(folder(directory), name));
}

/** Once it is done: a crash before that has it done again, which changes nothing. */
export function removeAsked(directory: string, name: string): void {
  rmSync(join(folder(directory), name), { force: true });
}

function folder(directory: string): string {
  return join(directory, 'asked');
}
