import type { ChatSettings } from '../endpoint-settings.ts';
import type { PostContent } from '../post.ts';
import { chatText, checkLength } from './chat-text.ts';
import type { EndpointWire } from './endpoint-wire.ts';
import { readJsonAnswer } from './read-json-answer.ts';
import { readStatus } from './read-status.ts';

/** Teams takes a message of 28 KB, everything counted. */
const MOST_BYTES = 28_000;

/** Workflows of Microsoft Teams that begin with a webhook request: an Adaptive Card, answered with 202. */
export const teamsWire: EndpointWire<ChatSettings> = {
  check(content) {
    chatText('Teams', content);
    checkLength('Teams', Buffer.byteLength(messageOf(content)), MOST_BYTES, 'bytes with its card');
  },
  write: (_settings, { content }) => ({ headers: {}, body: messageOf(content) }),
  read(answer, now) {
    const { error } = readJsonAnswer(answer);
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
    return readStatus(answer, now, typeof code === 'string' ? code.slice(0, 100) : null);
  },
};

/** Only `msteams.entities` of a card mention people, and it has none: a text cannot. */
function messageOf({ title, text, link }: PostContent): string {
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      ...(title === null ? [] : [{ type: 'TextBlock', text: title, weight: 'Bolder', wrap: true }]),
      { type: 'TextBlock', text, wrap: true },
    ],
    ...(link !== null && {
      actions: [{ type: 'Action.OpenUrl', title: new URL(link).hostname, url: link }],
    }),
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return JSON.stringify({ type: 'message', attachments: [{ contentType, content }] });
}
