import type { OutboundAnswer } from '../../../../platform/outbound/index.ts';

/** The members of an answer that is a JSON object; none of any other. */
export function readJsonAnswer({ body }: OutboundAnswer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
