/** How much of what is being sent one provider account can use at a time. */
export interface Capacity {
  /** Names the account. */
  readonly account: string;
  /** Recipients in its hands at a time. More would not be faster, only longer in doubt. */
  readonly recipients: number;
}

/** Room that a page has been given. */
export interface Turn {
  /** Gives back what is not needed, once it is known how many recipients the page has. */
  shrink(to: number): void;
  /** To be called once, when the page is closed. */
  leave(): void;
}

const FREE: Turn = { shrink: () => undefined, leave: () => undefined };

export const UNLIMITED: Capacity = { account: '', recipients: Infinity };

/** A page of so few recipients is somebody waiting, not a broadcast. */
const LIGHT = 8;

interface Waiting {
  readonly weight: number;
  readonly enter: () => void;
}

interface Account {
  inside: number;
  readonly light: Waiting[];
  readonly heavy: Waiting[];
}

/**
 * Lets pages go to an account only as fast as it takes them. A page that is open is in doubt when
 * its process dies, so all pages of a large send open at once would be handed over twice, although
 * the provider had only begun with each. Light pages go before heavy ones.
 */
export class Turns {
  readonly #accounts = new Map<string, Account>();

  /** Waits for room. */
  async take({ account: name, recipients: most }: Capacity, weight: number): Promise<Turn> {
    if (most === Infinity) return FREE;
    const account = this.#accounts.get(name) ?? { inside: 0, light: [], heavy: [] };
    this.#accounts.set(name, account);
    await new Promise<void>((enter) => {
      (weight <= LIGHT ? account.light : account.heavy).push({ weight, enter });
      letIn(account, most);
    });
    let held = weight;
    const shrink = (to: number) => {
      account.inside -= held - Math.min(held, to);
      held = Math.min(held, to);
      letIn(account, most);
    };
    return {
      shrink,
      leave: () => {
        shrink(0);
        if (account.inside === 0 && account.light.length === 0 && account.heavy.length === 0) {
          this.#accounts.delete(name);
        }
      },
    };
  }
}

/** A page that is larger than all the room goes alone. */
function letIn(account: Account, most: number): void {
  for (;;) {
    const queue = account.light.length > 0 ? account.light : account.heavy;
    const next = queue[0];
    if (next === undefined || (account.inside > 0 && account.inside + next.weight > most)) return;
    queue.shift();
    account.inside += next.weight;
    next.enter();
  }
}
