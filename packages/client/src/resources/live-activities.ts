import { randomUUID } from 'node:crypto';
import type {
  StartLiveActivityAnswer,
  StartLiveActivityBody,
  UpdateLiveActivityAnswer,
  UpdateLiveActivityBody,
} from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** Routes of live activities on Apple's devices. */
export class LiveActivities {
  readonly #transport: Transport;
  readonly #appId: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#appId = appId;
  }

  /**
   * Starts an activity of a type on the devices of an audience. Safe to repeat: with the same idempotency key nothing
   * is started a second time.
   */
  start(
    activityType: string,
    input: Omit<StartLiveActivityBody, 'event'>,
    signal?: AbortSignal,
  ): Promise<Answer<StartLiveActivityAnswer>> {
    return this.#transport.send({
      method: 'POST',
      path: `/apps/${segment(this.#appId)}/activities/activity/${segment(activityType)}`,
      body: { idempotency_key: randomUUID(), ...input, event: 'start' },
      repeatable: true,
      signal,
    });
  }

  /** Changes what an activity shows, wherever it goes on. Repeated, it is sent again. */
  update(
    activityId: string,
    input: Omit<UpdateLiveActivityBody, 'event' | 'dismissal_date'>,
    signal?: AbortSignal,
  ): Promise<Answer<UpdateLiveActivityAnswer>> {
    return this.#tell(activityId, { ...input, event: 'update' }, signal);
  }

  /** Ends an activity. It leaves the screen at `dismissal_date`, or four hours later. */
  end(
    activityId: string,
    input: Omit<UpdateLiveActivityBody, 'event'>,
    signal?: AbortSignal,
  ): Promise<Answer<UpdateLiveActivityAnswer>> {
    return this.#tell(activityId, { ...input, event: 'end' }, signal);
  }

  #tell(
    activityId: string,
    body: UpdateLiveActivityBody,
    signal: AbortSignal | undefined,
  ): Promise<Answer<UpdateLiveActivityAnswer>> {
    return this.#transport.send({
      method: 'POST',
      path: `/apps/${segment(this.#appId)}/live_activities/${segment(activityId)}/notifications`,
      body,
      repeatable: false,
      signal,
    });
  }
}
