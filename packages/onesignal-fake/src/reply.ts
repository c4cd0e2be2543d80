/** A JSON object of a request or an answer. */
export type Json = Record<string, unknown>;

/** What a route answers. `body` null is an empty text/plain body, which one documented answer has. */
export interface Reply {
  readonly status: number;
  readonly body: Json | readonly unknown[] | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ErrorEntry {
  readonly code?: string;
  readonly title: string;
  readonly meta?: Json;
}

export function ok(status: number, body: Reply['body'], headers: Reply['headers'] = {}): Reply {
  return { status, body, headers };
}

/** The envelope of messages, templates and most of the older API: `{"errors":["text"]}`. */
export function basic(status: number, ...errors: readonly string[]): Reply {
  return { status, body: { errors } };
}

/** The envelope of users, aliases and subscriptions: `{"errors":[{"code","title","meta"}]}`. */
export function structured(status: number, entry: ErrorEntry): Reply {
  return { status, body: { errors: [entry] } };
}
