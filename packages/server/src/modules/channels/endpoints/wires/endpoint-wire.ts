import type { OutboundAnswer } from '../../../../platform/outbound/index.ts';
import type { EndpointSettings } from '../endpoint-settings.ts';
import type { Post, PostContent, PostOutcome } from '../post.ts';

/** How one kind of endpoint is spoken to. */
export interface EndpointWire<Settings extends EndpointSettings> {
  /** Refuses what could never be posted. Throws ApiError `request-invalid` that names the limit. */
  check(content: PostContent): void;
  /** The request, which is JSON; `now` is the time of this try. */
  write(
    settings: Settings,
    post: Post,
    now: number,
  ): { readonly headers: Readonly<Record<string, string>>; readonly body: string };
  /** What an answer means; `now` in milliseconds since the epoch. */
  read(answer: OutboundAnswer, now: number): PostOutcome;
}
