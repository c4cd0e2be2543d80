import type { ChatSettings } from '../endpoint-settings.ts';
import type { PostContent, PostOutcome } from '../post.ts';
import { chatText, checkLength } from './chat-text.ts';
import type { EndpointWire } from './endpoint-wire.ts';
import { readJsonAnswer } from './read-json-answer.ts';
import { readStatus } from './read-status.ts';

const MOST_CHARACTERS = 2_000;

/** Webhooks of Discord: `content`, and an embed for a title and a link. */
export const discordWire: EndpointWire<ChatSettings> = {
  check(content) {
    checkLength('Discord', chatText('Discord', content).length, MOST_CHARACTERS);
  },
  write: (_settings, { content }) => ({
    headers: {},
    body: JSON.stringify({
      content: content.text,
      embeds: embedsOf(content),
      // Whatever a text says, nobody is called by it.
      allowed_mentions: { parse: [] },
    }),
  }),
  read(answer, now): PostOutcome {
    const said = readJsonAnswer(answer);
    const outcome = readStatus(answer, now, wordsOf(said));
    const seconds = said['retry_after'];
    // More exact than the header, which has whole seconds.
    if (outcome.state !== 'retry' || typeof seconds !== 'number' || !(seconds >= 0)) return outcome;
    return { ...outcome, afterMs: Math.ceil(seconds * 1_000) };
  },
};

function embedsOf({ title, link }: PostContent): object[] {
  if (title === null && link === null) return [];
  return [{ title: title ?? new URL(link ?? '').hostname, ...(link !== null && { url: link }) }];
}

/** Such as `10015 Unknown Webhook`. */
function wordsOf({ code, message }: Readonly<Record<string, unknown>>): string | null {
  if (typeof code !== 'number' || typeof message !== 'string') return null;
  return `${code} ${message.slice(0, 100)}`;
}
