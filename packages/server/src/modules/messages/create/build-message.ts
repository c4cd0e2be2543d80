import type { SendingPolicy } from '../../accounts/index.ts';
import { LANES } from '../../../platform/ids.ts';
import type { Content, ContentCache } from '../../templates/index.ts';
import type { HoldOut } from '../hold-out.ts';
import type { Message } from '../message.ts';
import type { NewChunk } from '../message-store.ts';
import { AT_ONCE } from '../timing/timing.ts';
import type { Timing } from '../timing/timing.ts';
import { audienceOf, goesToUnsubscribed } from './reach-of.ts';
import type { MessageDraft } from './parse-message.ts';

export interface BuildOptions {
  readonly contents: ContentCache;
  readonly sendingPolicy: (appId: string) => Promise<SendingPolicy>;
}

/** What is known of a message once its request was parsed. */
export interface MessageParts {
  readonly id: string;
  readonly content: Content;
  /** As the request asks. */
  readonly timing: Timing | null;
  readonly holdOut: HoldOut | null;
  readonly now: number;
}

/** A message as it is sent. Its content is kept from here on, whatever becomes of its template. */
export async function buildMessage(
  { contents, sendingPolicy }: BuildOptions,
  { appId, body, targeting }: MessageDraft,
  { id, content, timing, holdOut, now }: MessageParts,
): Promise<Message> {
  const contentId = await contents.keep(appId, content, now);
  const hasRate = targeting.kind !== 'audience' || (body.throttle_rate_per_minute ?? null) !== null;
  return {
    id,
    appId,
    channel: content.channel,
    name: body.name ?? null,
    templateId: body.template_id ?? null,
    contentId,
    content,
    customData: body.custom_data ?? null,
    atMostOnce: body.at_most_once ?? false,
    audience: audienceOf(targeting, content, goesToUnsubscribed(body, content)),
    timing:
      hasRate || (timing?.spread ?? null) !== null ? timing : await ratedBy(sendingPolicy, appId, timing),
    holdOut,
  };
}

/** The app's rate is for what goes to an audience. */
async function ratedBy(
  sendingPolicy: BuildOptions['sendingPolicy'],
  appId: string,
  timing: Timing | null,
): Promise<Timing | null> {
  const { perMinute } = await sendingPolicy(appId);
  return perMinute === null ? timing : { ...(timing ?? AT_ONCE), perMinute };
}

/** The chunks of a message whose recipients are found lane by lane. */
export function chunksOfAudience(): NewChunk[] {
  return Array.from({ length: LANES }, (_, lane) => ({
    lane,
    priority: 'broadcast',
    targets: null,
    bornOpen: false,
  }));
}
