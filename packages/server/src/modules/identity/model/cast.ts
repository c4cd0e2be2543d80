import type { Deed } from './explain.ts';
import type { Operation } from './operation.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

/** Ids in the order in which answers named them first, so that a program can speak of them by number. */
export class Cast {
  readonly #users = new Set<string>();
  readonly #subscriptions = new Set<string>();

  note(deeds: readonly Deed[]): void {
    for (const { told } of deeds) {
      const user = told.identity?.['onesignal_id'];
      if (user !== undefined) this.#users.add(user);
      for (const { id } of told.subscriptions ?? []) this.#subscriptions.add(id);
    }
  }

  /** The operation with ids in place of `user 3` and `subscription 0`; counting starts again at the end. */
  fill(operation: Operation): Operation {
    return this.#fill(operation) as Operation;
  }

  #fill(part: unknown): unknown {
    if (typeof part === 'string') return this.#idOf(part);
    if (Array.isArray(part)) return part.map((entry) => this.#fill(entry));
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, member]) => [name, this.#fill(member)]));
  }

  #idOf(text: string): string {
    const [, kind, number] = /^(user|subscription) (\d+)$/.exec(text) ?? [];
    if (kind === undefined) return text;
    const ids = [...(kind === 'user' ? this.#users : this.#subscriptions)];
    return ids[Number(number) % ids.length] ?? NOBODY;
  }
}
