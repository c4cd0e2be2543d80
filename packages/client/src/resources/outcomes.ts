import type { OutcomesAnswer, OutcomeSum, OutcomesQuery } from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

export interface OutcomeQuery {
  /** Each with `.sum` or `.count` behind it: `sale.sum`. At most 100. */
  readonly names: readonly string[];
  /** The last hour, day or 30 days; an hour when absent. */
  readonly range?: OutcomesQuery['outcome_time_range'];
  /** Numbers of platforms (0 iOS, 1 Android, 5 Chrome, 11 email); all when absent. */
  readonly platforms?: readonly number[];
  /** `total` when absent. */
  readonly attribution?: OutcomesQuery['outcome_attribution'];
}

export interface ReportedOutcome {
  readonly name: string;
  /** The number of the platform on which it happened. */
  readonly platform: number;
  /** What it is worth. */
  readonly weight?: number;
  /** The messages with a share in it. */
  readonly messageIds?: readonly string[];
  /** The person clicked the message; otherwise it has influenced them. */
  readonly direct?: boolean;
}

/** Routes of outcomes: what people did after messages, counted. */
export class Outcomes {
  readonly #transport: Transport;
  readonly #appId: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#appId = appId;
  }

  /** Sums of what was reported, in the order of the names. */
  async view(query: OutcomeQuery, signal?: AbortSignal): Promise<Answer<readonly OutcomeSum[]>> {
    const answer = await this.#transport.send<OutcomesAnswer>({
      method: 'GET',
      path: `/apps/${segment(this.#appId)}/outcomes`,
      query: outcomeParameters(query),
      repeatable: true,
      signal,
    });
    return answer.ok ? { ...answer, value: answer.value.outcomes } : answer;
  }

  /** Not repeated where it may have been counted: a report that comes twice counts twice. */
  measure(outcome: ReportedOutcome, signal?: AbortSignal): Promise<Answer<unknown>> {
    const { name, platform, weight, messageIds, direct } = outcome;
    return this.#transport.send({
      method: 'POST',
      path: '/outcomes/measure',
      body: {
        app_id: this.#appId,
        id: name,
        device_type: platform,
        weight,
        notification_ids: messageIds,
        direct,
      },
      repeatable: false,
      signal,
    });
  }
}

/** A question as the wire has it. */
export function outcomeParameters({ names, range, platforms, attribution }: OutcomeQuery) {
  return {
    'outcome_names[]': names,
    outcome_time_range: range,
    outcome_platforms: platforms?.join(','),
    outcome_attribution: attribution,
  };
}
