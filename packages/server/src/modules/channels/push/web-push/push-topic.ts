import { createHash } from 'node:crypto';

const TOPIC = /^[\w-]{1,32}$/;

/**
 * The `Topic` of a push request: of messages with one topic that wait for a browser, only the newest is kept.
 * RFC 8030 allows 32 characters of base64url; any other name is known by its hash.
 */
export function topicOf(name: string): string {
  return TOPIC.test(name) ? name : createHash('sha256').update(name).digest('base64url').slice(0, 32);
}
