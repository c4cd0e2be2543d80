import type { Channel, CreateMessageBody } from '@carillon/wire';
import { EVERYONE, typesOfFlags } from '../../audience/index.ts';
import type { Audience } from '../../audience/index.ts';
import type { Content } from '../../templates/index.ts';
import { wrong } from '../wrong-field.ts';
import type { Targeting } from './parse-targeting.ts';

const ALL: Audience = { include: EVERYONE, exclude: [], only: [] };

/** The channel that a content goes by, and the kinds of subscriptions that its platforms leave; null for all. */
export function reachOf(content: Content): {
  readonly channel: Channel;
  readonly types: readonly string[] | null;
} {
  const types = content.channel === 'push' ? typesOfFlags(content.platforms) : null;
  return { channel: content.channel, types };
}

/**
 * Whether a message goes to whoever has unsubscribed too. Throws ApiError `message-field` for one that is no email.
 */
export function goesToUnsubscribed(
  { include_unsubscribed: asked }: Pick<CreateMessageBody, 'include_unsubscribed'>,
  { channel }: Pick<Content, 'channel'>,
): boolean {
  if (asked !== true) return false;
  if (channel === 'email') return true;
  throw wrong('include_unsubscribed', 'is for emails: leave it out of other messages');
}

/**
 * Whom a message's chunks are to find, of those that its platforms leave; null for everyone. Of named targets it
 * tells only that whoever has unsubscribed gets it too.
 */
export function audienceOf(
  targeting: Targeting,
  content: Content,
  unsubscribedToo: boolean,
): Audience | null {
  const named = targeting.kind !== 'audience';
  if (unsubscribedToo) {
    return { ...((named ? null : targeting.audience) ?? ALL), unsubscribedToo };
  }
  if (named) return null;
  const { types } = reachOf(content);
  if (types === null) return targeting.audience;
  const audience = targeting.audience ?? ALL;
  return { ...audience, only: [...audience.only, { kind: 'type', types, not: false }] };
}
