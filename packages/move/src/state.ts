import { readFile, rename, writeFile } from 'node:fs/promises';
import type { ImportView } from '@carillon/client';
import { MoveInvalid } from './fault.ts';
import type { MoveOptions } from './options.ts';

/** How far the people are. */
export type PeopleState =
  | { readonly step: 'none' }
  /** OneSignal was asked for the file. Its address opens it to anybody, so the state is for its owner's eyes. */
  | { readonly step: 'exporting'; readonly url: string; readonly askedAt: string }
  | { readonly step: 'importing'; readonly url: string; readonly askedAt: string; readonly importId: string }
  | { readonly step: 'done'; readonly importId: string; readonly counts: ImportView['counts'] };

/** Something that was copied: its id here, and what it was there. */
export interface Copied {
  readonly id: string;
  readonly print: string;
}

/** What a move has done, so that the next run goes on there. */
export interface MoveState {
  readonly version: 1;
  readonly from: { readonly url: string; readonly appId: string };
  readonly to: { readonly url: string; readonly appId: string };
  people: PeopleState;
  /** By the id there. */
  readonly templates: Record<string, Copied>;
  readonly segments: Record<string, Copied>;
}

/** The state of a move, and the file it is in. */
export class StateFile {
  readonly state: MoveState;
  readonly #path: string;

  private constructor(path: string, state: MoveState) {
    this.#path = path;
    this.state = state;
  }

  /** Throws MoveInvalid where the file is of another move, or is none. */
  static async open({ stateFile, from, to }: MoveOptions): Promise<StateFile> {
    const mine = {
      from: { url: from.url, appId: from.appId },
      to: { url: to.url, appId: to.appId },
    };
    const text = await readFile(stateFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text === null) {
      const fresh: MoveState = { version: 1, ...mine, people: { step: 'none' }, templates: {}, segments: {} };
      return new StateFile(stateFile, fresh);
    }
    const state = parse(text);
    if (state === null)
      throw new MoveInvalid(`${stateFile} holds no state of a move: name another with --state`);
    if (JSON.stringify([state.from, state.to]) !== JSON.stringify([mine.from, mine.to])) {
      throw new MoveInvalid(
        `${stateFile} is of a move from app ${state.from.appId} to app ${state.to.appId} at ${state.to.url}: name another with --state`,
      );
    }
    return new StateFile(stateFile, state);
  }

  /** A process that is killed leaves the state before or after, never half of it. */
  async save(): Promise<void> {
    const next = `${this.#path}.next`;
    await writeFile(next, `${JSON.stringify(this.state, null, 2)}\n`, { mode: 0o600 });
    await rename(next, this.#path);
  }
}

function parse(text: string): MoveState | null {
  try {
    const value = JSON.parse(text) as Partial<MoveState> | null;
    const isState =
      value?.version === 1 &&
      [value.from, value.to, value.people, value.templates, value.segments].every(
        (member) => typeof member === 'object',
      );
    return isState ? (value as MoveState) : null;
  } catch {
    return null;
  }
}
