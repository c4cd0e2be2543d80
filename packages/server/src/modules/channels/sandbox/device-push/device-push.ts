import type { PushTransport } from '../../transport.ts';

/** A push for a device as it came off the wire. */
export interface DevicePush {
  readonly transport: Exclude<PushTransport, 'web_push'>;
  /** Whose app it is for, as the service knows it: a topic, a project, an app's id. */
  readonly sender: string;
  /** The device's token. */
  readonly token: string;
  /** The message's id, where the payload names one. */
  readonly messageId: string | null;
  /** The service's own name for it: the `apns-id`, or what FCM calls the message. */
  readonly providerId: string;
  /** Header lines of the request, without its credentials. */
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON that was posted. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
