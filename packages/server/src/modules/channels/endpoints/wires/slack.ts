import type { OutboundAnswer } from '../../../../platform/outbound/index.ts';
import type { ChatSettings } from '../endpoint-settings.ts';
import type { PostContent, PostOutcome } from '../post.ts';
import { chatText, checkLength } from './chat-text.ts';
import type { EndpointWire } from './endpoint-wire.ts';
import { readStatus } from './read-status.ts';

/** Slack cuts the rest off without a word. */
const MOST_CHARACTERS = 40_000;

/** Words for "never" that stand for themselves, whatever the status beside them. */
const NEVER = new Set([
  'action_prohibited',
  'channel_is_archived',
  'channel_not_found',
  'invalid_payload',
  'invalid_token',
  'no_active_hooks',
  'no_service',
  'no_service_id',
  'no_team',
  'no_text',
  'posting_to_general_channel_denied',
  'team_disabled',
  'user_not_found',
]);

/** Incoming webhooks of Slack: JSON with `text`, answered with `ok` or a word. */
export const slackWire: EndpointWire<ChatSettings> = {
  check(content) {
    chatText('Slack', content);
    checkLength('Slack', textOf(content).length, MOST_CHARACTERS);
  },
  write: (_settings, { content }) => ({ headers: {}, body: JSON.stringify({ text: textOf(content) }) }),
  read(answer, now): PostOutcome {
    const word = wordOf(answer);
    if (word !== null && NEVER.has(word)) {
      return { state: 'failed', reason: `answered ${answer.status}: ${word}` };
    }
    return readStatus(answer, now, word);
  },
};

/** `&`, `<` and `>` begin mentions, channels and links: escaped, a text means only itself. */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function textOf({ title, text, link }: PostContent): string {
  return [
    ...(title === null ? [] : [`*${escape(title)}*`]),
    escape(text ?? ''),
    ...(link === null ? [] : [`<${escape(link)}>`]),
  ].join('\n');
}

function wordOf({ body }: OutboundAnswer): string | null {
  const text = body.toString('utf8').trim();
  return /^[a-z_]{1,60}$/.test(text) ? text : null;
}
