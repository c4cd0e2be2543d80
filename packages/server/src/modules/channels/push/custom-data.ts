import type { Envelope } from '../channel.ts';
import type { RenderedPush } from './rendered-push.ts';

/** What device SDKs know a message by. What is undefined is left out of the JSON. */
export interface CustomData {
  /** The message's id: without it, an SDK takes the push for somebody else's. */
  readonly i: string;
  /** The app's own data. */
  readonly a: Readonly<Record<string, unknown>> | undefined;
  /** What a tap opens. */
  readonly u: string | undefined;
  readonly ti: string | undefined;
  readonly tn: string | undefined;
}

export function customDataOf({ messageId, content }: Envelope<RenderedPush>): CustomData {
  const { fields, template } = content;
  return {
    i: messageId,
    a: fields.data,
    u: fields.app_url ?? fields.url,
    ti: template?.id,
    tn: template?.name,
  };
}

/** A button as device SDKs read it: id, text, icon. */
export interface ShortButton {
  readonly i: string;
  readonly n: string;
  readonly p: string | undefined;
}

export function shortButtonsOf({ fields }: RenderedPush): readonly ShortButton[] | undefined {
  if (fields.buttons === undefined || fields.buttons.length === 0) return undefined;
  return fields.buttons.map(({ id, text, icon }) => ({ i: id, n: text, p: icon }));
}
