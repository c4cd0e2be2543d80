import type { Envelope } from '../channel.ts';
import { customDataOf, shortButtonsOf } from './custom-data.ts';
import type { RenderedPush } from './rendered-push.ts';

type Texts = Readonly<Record<string, string>>;

/**
 * The data of a message, which an Android app's SDK makes a notification of, whichever service brings it. It is of
 * texts only: what is more is JSON in them.
 *
 * @param look what the SDK reads of this platform, under its names; what is undefined is left out
 */
export function deviceDataOf(
  envelope: Envelope<RenderedPush>,
  look: Readonly<Record<string, string | undefined>>,
): Texts {
  const { content } = envelope;
  const { title, body, fields } = content;
  const buttons = shortButtonsOf(content);
  return present({
    custom: JSON.stringify(customDataOf(envelope)),
    title: title ?? undefined,
    alert: body ?? undefined,
    o: buttons === undefined ? undefined : JSON.stringify(buttons),
    pri: fields.priority === undefined ? undefined : String(fields.priority),
    ...look,
  });
}

/** In English where there are several languages: it stands above messages of all of them. */
export function groupMessageIn(texts: Texts = {}): string | undefined {
  return texts['en'] ?? Object.values(texts)[0];
}

/** Of names and texts together. */
export function bytesOfData(data: Texts): number {
  let bytes = 0;
  for (const name in data) bytes += Buffer.byteLength(name) + Buffer.byteLength(data[name] ?? '');
  return bytes;
}

function present(data: Readonly<Record<string, string | undefined>>): Texts {
  const texts: Record<string, string> = {};
  for (const [name, text] of Object.entries(data)) if (text !== undefined) texts[name] = text;
  return texts;
}
