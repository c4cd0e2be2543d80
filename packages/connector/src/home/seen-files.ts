import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { digest } from '../model/canonical.ts';
import { SeenWriter } from './seen-writer.ts';
import { syncDirectory } from './sync-directory.ts';

/** The files of what looks have seen: keys and hashes. `name` is what is looked at. */
export class SeenFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = join(directory, 'seen');
    mkdirSync(this.#directory, { recursive: true });
  }

  pathOf(file: string): string {
    return join(this.#directory, file);
  }

  /** Begins a file under a name of its own: the files that are there stay as they are. */
  begin(name: string): { readonly file: string; readonly writer: SeenWriter } {
    const stem = stemOf(name);
    const numbers = readdirSync(this.#directory).flatMap((file) => {
      const number = file.startsWith(`${stem}-`) ? /-(\d+)\.bin/.exec(file)?.[1] : undefined;
      return number === undefined ? [] : [Number(number)];
    });
    const file = `${stem}-${Math.max(0, ...numbers) + 1}.bin`;
    return { file, writer: new SeenWriter(this.pathOf(file)) };
  }

  /** Removes what belongs to `name` and is none of these. */
  keepOnly(name: string, files: readonly string[]): void {
    syncDirectory(this.#directory);
    for (const file of readdirSync(this.#directory)) {
      if (file.startsWith(`${stemOf(name)}-`) && !files.includes(file)) rmSync(this.pathOf(file));
    }
  }
}

/** Names of triggers may hold anything. */
function stemOf(name: string): string {
  return digest(name, 16);
}
