import type { Clock } from '../../../platform/clock.ts';
import { OutboundFault } from '../../../platform/outbound/index.ts';
import type { Outbound } from '../../../platform/outbound/index.ts';
import type { EndpointSettings } from './endpoint-settings.ts';
import type { Post, PostOutcome } from './post.ts';
import { wireOf } from './wires/wire-of.ts';

/** For all of it: who has not answered by then is asked again. */
export const POST_TIMEOUT_MS = 15_000;
const LARGEST_ANSWER = 64 * 1024;

export interface DeliverPostOptions {
  readonly clock: Clock;
  readonly outbound: Outbound;
}

/** Posts once, and tells what came of it. Never rejects because of the other side or the network. */
export async function deliverPost(
  { clock, outbound }: DeliverPostOptions,
  settings: EndpointSettings,
  post: Post,
): Promise<PostOutcome> {
  const wire = wireOf(settings.kind);
  const { headers, body } = wire.write(settings, post, clock.now());
  try {
    const answer = await outbound.request({
      method: 'POST',
      url: settings.url,
      headers: { ...headers, 'content-type': 'application/json' },
      body,
      timeoutMs: POST_TIMEOUT_MS,
      mostBytes: LARGEST_ANSWER,
    });
    return wire.read(answer, clock.now());
  } catch (error) {
    if (!(error instanceof OutboundFault)) throw error;
    const reason = error.message;
    return error.mayPass ? { state: 'retry', reason, afterMs: null } : { state: 'failed', reason };
  }
}
