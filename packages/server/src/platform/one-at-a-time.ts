/** Does one piece of work at a time, and once more when it was asked for meanwhile. */
export class OneAtATime {
  readonly #work: () => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #underWay: Promise<void> | undefined;
  #isAskedAgain = false;
  #isStopped = false;

  /** What `work` throws goes to `onError`; it may ask for itself again. */
  constructor(work: () => Promise<void>, onError: (error: unknown) => void) {
    this.#work = work;
    this.#onError = onError;
  }

  /** Works now, or again once the work under way is over. */
  ask(): void {
    if (this.#isStopped) return;
    if (this.#underWay !== undefined) {
      this.#isAskedAgain = true;
      return;
    }
    this.#isAskedAgain = false;
    this.#underWay = this.#work()
      .catch(this.#onError)
      .finally(() => {
        this.#underWay = undefined;
        if (this.#isAskedAgain) this.ask();
      });
  }

  /** Resolves when the work under way is over; nothing is done any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#underWay;
  }
}
