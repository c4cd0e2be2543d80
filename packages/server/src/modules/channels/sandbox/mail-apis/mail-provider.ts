import type { MailNews } from '../mail/mail-news.ts';

/** A request to the API of a provider. */
export interface ApiRequest {
  readonly method: string;
  /** Below the base address of the provider, query included: `/v3/mail/send`. */
  readonly path: string;
  /** The whole path, as signatures have it. */
  readonly wholePath: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: object | string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A mail that was handed to an API in good form. */
export interface PostedMail {
  readonly sender: string;
  readonly recipient: string;
  /** The Message-ID with its brackets; empty when there is none. */
  readonly messageId: string;
  /** As a mail has it. */
  readonly raw: Buffer;
  /** The provider answers a repetition under this key as it did the first time; null: it takes it again. */
  readonly idempotencyKey: string | null;
}

export type Received =
  | { readonly kind: 'mail'; readonly mail: PostedMail }
  /** No mail, or one in bad form, or from somebody else. */
  | { readonly kind: 'answer'; readonly answer: ApiAnswer };

/** A mail's news as its provider tells it, with what the mail had in it. */
export interface ToldMail {
  readonly news: MailNews;
  readonly raw: Buffer;
}

/** A request in which a provider tells what became of mails. */
export interface Webhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One provider as the sandbox plays it: what it takes, how it answers, what it tells afterwards. */
export interface MailProvider {
  receive(request: ApiRequest): Received;
  /** It has taken a mail that it calls `id`. */
  accepted(id: string, mail: PostedMail): ApiAnswer;
  /** The recipient's address is one that it never takes. */
  refused(mail: PostedMail): ApiAnswer;
  /** Not now. */
  deferred(): ApiAnswer;
  /** Too many at a time: 429, or whatever it says. */
  throttled(): ApiAnswer;
  /**
   * What becomes of mails of one app, as it tells that. `now` in milliseconds since the epoch; `baseUrl` is where the
   * provider itself is reached.
   */
  tell(told: readonly ToldMail[], now: number, baseUrl: string): Webhook[];
}

export function answer(status: number, body: ApiAnswer['body'], headers = {}): ApiAnswer {
  return { status, body, headers };
}

export function refuse(status: number, body: ApiAnswer['body']): Received {
  return { kind: 'answer', answer: answer(status, body) };
}
