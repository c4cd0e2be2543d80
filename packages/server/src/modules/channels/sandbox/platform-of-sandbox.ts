import type { DeliveryReference } from '../delivery-reference.ts';
import type { StatusSubject } from '../sms/status-links.ts';
import type { BouncePlace } from './mail/return-mail.ts';
import type { ArrivedMail } from './mail/smtp-receiver.ts';
import type { DevicePush } from './device-push/device-push.ts';

/** A push, by what its service knows of it. */
export interface NamedPush {
  readonly messageId: string;
  readonly transport: DevicePush['transport'] | 'web_push';
  readonly token: string;
}

/** The platform whose sandbox it is: what arrives is told of there, and belongs to somebody. */
export interface PlatformOfSandbox {
  /** Its base address, reached from here. */
  readonly url: () => string;
  /** Where it takes bounces; null while it takes none. */
  readonly bouncePlace: () => BouncePlace | null;
  /** The delivery that a mail is, or a copy of one: whoever erases a person must find it. */
  deliveryOfMail(mail: ArrivedMail): DeliveryReference | null;
  /** The delivery that a text message is, by the address that its reports go to. */
  deliveryOfSms(statusUrl: string): StatusSubject | null;
  /** The deliveries that pushes are, in their order. */
  deliveriesOfPushes(pushes: readonly NamedPush[]): Promise<(DeliveryReference | null)[]>;
  appOfMessage(messageId: string): Promise<string | null>;
}
