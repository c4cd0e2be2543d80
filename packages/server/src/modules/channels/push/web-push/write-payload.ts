import type { RenderedPush } from '../rendered-push.ts';
import { Unsendable } from './unsendable.ts';

/** What the service workers of sites read, under the names they know. What is undefined is left out of the JSON. */
interface WebPushPayload {
  readonly title: string | undefined;
  readonly alert: string | undefined;
  readonly icon: string | undefined;
  readonly image: string | undefined;
  readonly badge: string | undefined;
  /** A notification replaces the one with the same tag; without one, the worker takes the app's id. */
  readonly tag: string | undefined;
  readonly o: readonly Button[] | undefined;
  readonly custom: {
    /** The message's id. */
    readonly i: string;
    readonly a: Readonly<Record<string, unknown>> | undefined;
    /** What a click opens. */
    readonly u: string | undefined;
    /** The worker is to tell that it has shown it. */
    readonly rr: 'y' | undefined;
  };
}

/** Its id, text, icon, and what it opens. */
interface Button {
  readonly i: string;
  readonly n: string;
  readonly p: string | undefined;
  readonly u: string;
}

/**
 * The message as JSON. Throws Unsendable when there is nothing to show: browsers let no push pass unseen.
 *
 * @param isFirefox whether it goes to a Firefox, which has an icon of its own in requests
 */
export function writePayload(
  messageId: string,
  { title, body, fields, confirmsDelivery }: RenderedPush,
  isFirefox: boolean,
): Buffer {
  if (title === null && body === null) {
    throw new Unsendable(
      'a browser must show every push, and this message has neither contents nor headings',
    );
  }
  const icon = (isFirefox ? fields.firefox_icon : undefined) ?? fields.chrome_web_icon;
  const payload: WebPushPayload = {
    title: title ?? undefined,
    alert: body ?? undefined,
    icon,
    image: fields.chrome_web_image ?? fields.global_image,
    badge: fields.chrome_web_badge,
    tag: fields.web_push_topic,
    o: fields.web_buttons?.map(({ id, text, icon, url }) => ({ i: id, n: text, p: icon, u: url })),
    custom: {
      i: messageId,
      a: fields.data,
      u: fields.web_url ?? fields.url,
      rr: confirmsDelivery ? 'y' : undefined,
    },
  };
  return Buffer.from(JSON.stringify(payload));
}
