import type { LiveActivity, PushFields } from '@carillon/wire';

/**
 * A push message, filled in for one person. Each channel of push makes the payload of its protocol of it,
 * with the keys that device SDKs read.
 */
export interface RenderedPush {
  readonly appId: string;
  /** Null where nothing is to be shown under that name. */
  readonly title: string | null;
  readonly subtitle: string | null;
  /** Null for a message that only wakes the app (`content_available`). */
  readonly body: string | null;
  readonly template: { readonly id: string; readonly name: string } | null;
  /**
   * What else the request said, under the wire's names and filled in. `contents`, `headings` and `subtitle`
   * stand above, in the recipient's language.
   */
  readonly fields: { readonly [Name in keyof PushFields]?: NonNullable<PushFields[Name]> };
  /** Only for Apple's devices: what starts, changes or ends instead of a notification. */
  readonly liveActivity?: LiveActivity;
  /** Whether the device is asked to tell that it has shown the message. */
  readonly confirmsDelivery: boolean;
  /** After this nobody wants it any more, in milliseconds since the epoch: a push service drops it then. */
  readonly expiresAt: number;
}
