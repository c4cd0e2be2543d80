import { Http2Fault, OutboundFault } from '../../../platform/outbound/index.ts';
import type { Outcome } from '../channel.ts';

/** No answer says "never": what a push service did not answer is tried again. Throws what is no such fault. */
export function outcomeOfFault(error: unknown, service: string): Outcome {
  if (!(error instanceof Http2Fault) && !(error instanceof OutboundFault)) throw error;
  return { state: 'retry', reason: `${service}: ${error.message}`, afterMs: null };
}
