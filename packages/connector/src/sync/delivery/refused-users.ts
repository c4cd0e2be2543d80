import type { Rejects, Tried } from '../../home/rejects.ts';
import { userHash } from '../../model/diff-user.ts';
import type { MappedUser } from '../../model/mapped-user.ts';

/**
 * Users that the target has refused. Each is written once more in every run, and as a whole: a part of
 * what was refused may have been taken, so that being equal to what was acknowledged says nothing. In
 * one run the target is not asked the same thing twice.
 */
export class RefusedUsers {
  readonly #rejects: Pick<Rejects, 'concerns'>;
  /** What was refused in this run, by the user's key; null where it was taken since. */
  readonly #now = new Map<string, string | null>();

  constructor(rejects: Pick<Rejects, 'concerns'>) {
    this.#rejects = rejects;
  }

  /** Was exactly this refused a while ago in this run? */
  hasRefused(user: MappedUser): boolean {
    const hash = this.#now.get(user.key);
    return typeof hash === 'string' && hash === userHash(user);
  }

  /** Was the last thing that the target said of this user a no? */
  isRefused(user: MappedUser): boolean {
    const now = this.#now.get(user.key);
    return now === undefined ? this.#rejects.concerns(asked(user)) : now !== null;
  }

  refused(user: MappedUser): void {
    this.#now.set(user.key, userHash(user));
  }

  taken(user: MappedUser): void {
    // The table lets go of it a moment later.
    if (this.isRefused(user)) this.#now.set(user.key, null);
  }
}

/** A user of whom the target is asked. */
export function asked({ key }: Pick<MappedUser, 'key'>): Tried {
  return { what: 'user', key, of: 'target' };
}
