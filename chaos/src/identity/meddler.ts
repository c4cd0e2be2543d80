import type { Call } from './person.ts';

/** Wants the same few names and addresses as everybody else of its kind: what is left is judged by the rows. */
export class Meddler {
  readonly #call: Call;
  readonly #names: readonly string[];
  #stopped = false;

  constructor(call: Call, names: readonly string[]) {
    this.#call = call;
    this.#names = names;
  }

  stop(): void {
    this.#stopped = true;
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      const made = await this.#call('POST', 'users', {
        identity: { external_id: this.#any(), crm: `crm of ${this.#any()}` },
        properties: { tags: { seen: 'yes' } },
        subscriptions: [
          { type: 'Email', token: `${this.#any()}@example.com` },
          { type: 'AndroidPush', token: `token-of-${this.#any()}` },
        ],
      });
      this.#check(made);
      const id = made?.body.subscriptions?.[0]?.id;
      if (id === undefined) continue;
      const to = { identity: { external_id: this.#any() } };
      this.#check(await this.#call('PATCH', `subscriptions/${id}/owner`, to));
    }
  }

  #check(answer: Awaited<ReturnType<Call>>): void {
    if (answer !== null && answer.status >= 500) throw new Error(`${answer.status} to a meddler`);
  }

  #any(): string {
    return this.#names[Math.floor(Math.random() * this.#names.length)] ?? '';
  }
}
