import type { OutboundAnswer } from '../../../../platform/outbound/index.ts';
import type { Outcome } from '../../channel.ts';
import type { HttpApi } from '../../http-api.ts';
import type { SenderSettings } from '../sender-settings.ts';
import type { Mail } from '../mail.ts';

/** What settings of every provider of mail have that is spoken to over HTTP. */
export type MailApiAccount = SenderSettings & HttpApi;

/** What is posted to hand one mail over. */
export interface MailApiRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** How mails are handed to one account of a provider over HTTP: rules alone, which post nothing. */
export interface MailApi {
  /** As reasons name the provider. */
  readonly name: string;
  /** The largest body that it takes, in bytes. */
  readonly mostBytes: number;
  /** `now` in milliseconds since the epoch. */
  compose(mail: Mail, now: number): MailApiRequest;
  readAnswer(answer: OutboundAnswer, now: number): Outcome;
}
