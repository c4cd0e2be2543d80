import { EVERYONE } from '../../audience/index.ts';
import type { Audience, Slice } from '../../audience/index.ts';
import { chunksOfAudience } from '../create/build-message.ts';
import type { NewMessage } from '../message-store.ts';
import { endOf, parseTime } from '../timing/parse-timing.ts';
import type { Timing } from '../timing/timing.ts';
import type { VariantMessage } from './ab-test-store.ts';

/** The winner as a message to the rest: what it says was kept when the test was made. Due with it, or now. */
export function restMessage(
  { request, sendAfter, ...message }: VariantMessage,
  slice: Slice,
  { id, now }: { readonly id: string; readonly now: number },
): NewMessage {
  const due = Math.max(now, sendAfter.getTime());
  return {
    ...message,
    id,
    kind: 'api',
    request,
    audience: inSlice(message.audience, slice),
    timing: message.timing === null ? null : timingFrom(message.timing, request, due),
    at: now,
    sendAfter: due,
    idempotency: null,
    chunks: chunksOfAudience(),
  };
}

/** An audience cut down to a slice, instead of any other slice of the same test. */
export function inSlice(audience: Audience | null, slice: Slice): Audience {
  const whole = audience ?? { include: EVERYONE, exclude: [], only: [] };
  const others = whole.only.filter(
    (condition) => condition.kind !== 'slice' || condition.salt !== slice.salt,
  );
  return { ...whole, only: [...others, slice] };
}

/** As the request asked, from then on: only `expires_at` is a time of its own. */
function timingFrom(
  timing: Timing,
  { ttl, expires_at: end }: VariantMessage['request'],
  due: number,
): Timing {
  const spread = timing.spread === null ? null : { ...timing.spread, from: due };
  const expiresAt = typeof end === 'string' ? parseTime('expires_at', end) : null;
  return { ...timing, spread, ...endOf(typeof ttl === 'number' ? ttl : null, spread, expiresAt, due) };
}
