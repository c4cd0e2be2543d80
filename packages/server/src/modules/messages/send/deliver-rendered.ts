import type { Envelope, Outcome } from '../../channels/index.ts';
import type { Recipient } from '../../identity/index.ts';
import type { Renderable, RenderResult, TextsOf } from '../rendering/index.ts';
import { NO_ANSWER } from './deliverer.ts';

export interface RenderedPage<Said extends Renderable, Filled, Answer> {
  readonly recipients: readonly Recipient[];
  /** In the order of the recipients. */
  readonly rendered: readonly RenderResult<Said>[];
  readonly envelopeOf: (recipient: Recipient, texts: TextsOf<Said>) => Envelope<Filled>;
  /** Hands envelopes over: an outcome for each, in their order. */
  readonly handOver: (envelopes: readonly Envelope<Filled>[]) => Promise<readonly Answer[]>;
}

/** Hands over what was rendered, and returns an outcome for every recipient: what could not be rendered has failed. */
export async function deliverRendered<Said extends Renderable, Filled, Answer>({
  recipients,
  rendered,
  envelopeOf,
  handOver,
}: RenderedPage<Said, Filled, Answer>): Promise<(Answer | Outcome)[]> {
  const outcomes: (Outcome | undefined)[] = [];
  const envelopes: Envelope<Filled>[] = [];
  for (const [index, recipient] of recipients.entries()) {
    const result = rendered[index];
    if (result?.ok === true) envelopes.push(envelopeOf(recipient, result.texts));
    else outcomes[index] = { state: 'failed', reason: result?.reason ?? 'the template cannot be rendered' };
  }
  const delivered = await handOver(envelopes);
  let next = 0;
  return recipients.map((_, index) => outcomes[index] ?? delivered[next++] ?? NO_ANSWER);
}
