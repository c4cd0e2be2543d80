import type { Progress } from '../../home/state.ts';
import { admitMessages } from '../../model/message-breaker.ts';
import type { Session } from '../session.ts';

/** Counts the messages of each trigger that go out in a minute, across restarts. */
export class MessageBreaker {
  readonly #session: Session;
  #minutes: Progress['minutes'];

  constructor(session: Session) {
    this.#session = session;
    this.#minutes = session.home.state.progress.minutes;
  }

  /**
   * Counts messages that are about to go out. What comes back is to be kept before they do.
   *
   * @throws SafetyLimit where that would be too many of a trigger
   */
  admit(names: readonly string[], now: number): Pick<Progress, 'minutes'> {
    this.#minutes = admitMessages(this.#session.connector.messages, this.#minutes, names, now);
    return { minutes: this.#minutes };
  }
}
