import type { RenderedPush } from '../../channels/index.ts';
import { fillUpdates, isOfUpdates } from '../../templates/index.ts';
import type { PushContent } from '../../templates/index.ts';

type Texts = Readonly<Record<string, string>>;
type Fields = RenderedPush['fields'];

/** Shown under names of their own. */
const WORDS = new Set(['contents', 'headings', 'subtitle']);

/** The parts of a push message that its rendered texts decide. */
export type PushOfTexts = (
  texts: Texts,
) => Pick<RenderedPush, 'title' | 'subtitle' | 'body' | 'fields' | 'liveActivity'>;

/**
 * Puts rendered texts, by the wire's names (`apns_alert.title` inside a field), in the places of a content's own.
 * An address that came out empty is left away.
 */
export function pushOfTexts({ fields, liveActivity }: PushContent): PushOfTexts {
  const { contents: _, headings: __, subtitle: ___, ...rest } = fields;
  return (texts) => ({
    title: texts['headings'] || null,
    subtitle: texts['subtitle'] || null,
    body: texts['contents'] || null,
    fields: fill(rest, texts),
    ...(liveActivity !== undefined && {
      liveActivity: { ...liveActivity, event_updates: fillUpdates(liveActivity.event_updates, texts) },
    }),
  });
}

function fill(fields: Fields, texts: Texts): Fields {
  const others = Object.entries(texts).filter(([name]) => !WORDS.has(name) && !isOfUpdates(name));
  if (others.length === 0) return fields;
  const filled: Record<string, unknown> = { ...fields };
  for (const [name, text] of others) {
    const [field = name, member] = name.split(/\.(.*)/s);
    if (member !== undefined) {
      filled[field] = { ...(filled[field] as Record<string, unknown>), [member]: text };
    } else if (text === '') delete filled[field];
    else filled[field] = text;
  }
  return filled;
}
