import type { Lanes } from './lanes.ts';
import { putUsers } from './put-users.ts';
import { removeUser } from './remove-user.ts';
import { sendEvents } from './send-events.ts';
import { noteBegun, sendMessage } from './send-messages.ts';
import type { Sending } from './sending.ts';
import type { MessageWork, Work } from './work.ts';

const EVENT_CALLS = 4;
const REMOVAL_CALLS = 16;
/** How often those who rest are looked at, and whether more calls are worth making by now. */
const LOOK_MS = 10;

/**
 * Sends what the lanes let go, as many calls at a time as the destination is worth. Users are gathered
 * into calls where it takes several: while some are under way, the next ones come together.
 */
export class Dispatcher {
  readonly #sending: Sending;
  readonly #lanes: Lanes;
  readonly #calls: Record<Work['kind'], number> = { user: 0, removal: 0, event: 0, message: 0 };
  readonly #running = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | null = null;
  #looking: NodeJS.Timeout | null = null;

  constructor(sending: Sending, lanes: Lanes) {
    this.#sending = sending;
    this.#lanes = lanes;
  }

  get isIdle(): boolean {
    return this.#running.size === 0;
  }

  /** Throws what a call failed with: an outage is waited out and is no failure. */
  throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  async finished(): Promise<void> {
    if (this.#looking !== null) clearTimeout(this.#looking);
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Starts every call that may be made now. News first: messages, then events, then users. */
  pump(): void {
    const { session, signal } = this.#sending;
    if (signal.aborted || this.#failure !== null) return;
    this.#lanes.wake(Date.now());
    const { capabilities } = session.destination;
    const messages = this.#lanes.take('message', capabilities.messageCalls - this.#calls.message);
    if (messages.length > 0) this.#sendMessages(messages);
    while (this.#calls.event < EVENT_CALLS) {
      const events = this.#lanes.take('event', capabilities.eventsPerCall);
      if (events.length === 0) break;
      this.#start('event', events, () => sendEvents(this.#sending, events));
    }
    for (const removal of this.#lanes.take('removal', REMOVAL_CALLS - this.#calls.removal)) {
      this.#start('removal', [removal], () => removeUser(this.#sending, removal));
    }
    while (this.#calls.user < capabilities.userCalls) {
      const users = this.#lanes.take('user', capabilities.usersPerCall);
      if (users.length === 0) break;
      this.#start('user', users, () => putUsers(this.#sending, users));
    }
    if (this.#lanes.isResting || this.#lanes.isReady('user')) this.#lookAgain();
  }

  #lookAgain(): void {
    this.#looking ??= setTimeout(() => {
      this.#looking = null;
      this.pump();
    }, LOOK_MS);
  }

  /** They are noted together before any of them goes out, and then go out one by one. */
  #sendMessages(messages: readonly MessageWork[]): void {
    const noted = noteBegun(this.#sending, messages);
    for (const message of messages) {
      this.#start('message', [message], async () => sendMessage(this.#sending, message, await noted));
    }
  }

  #start(kind: Work['kind'], works: readonly Work[], call: () => Promise<void>): void {
    this.#calls[kind] += 1;
    const running = this.#run(kind, works, call).finally(() => {
      this.#running.delete(running);
      this.pump();
    });
    this.#running.add(running);
  }

  async #run(kind: Work['kind'], works: readonly Work[], call: () => Promise<void>): Promise<void> {
    try {
      await call();
    } catch (error) {
      this.#failure ??= { error };
      this.#sending.session.queued.ring();
    } finally {
      this.#calls[kind] -= 1;
      this.#lanes.free(new Set(works.map(({ lane }) => lane)));
    }
  }
}
