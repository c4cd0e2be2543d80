import type { ErrorEntry } from './errors.ts';

/** `{"errors":["text"]}`: messages, templates, apps and most of the older API. */
export interface BasicErrorBody {
  readonly errors: readonly string[];
  /** False on message history, templates and segments. */
  readonly success?: boolean;
  /** Pages to read, on answers about credentials. */
  readonly reference?: readonly string[];
}

/** `{"errors":[{"code","title","meta"?}]}`: users, aliases, subscriptions. */
export interface StructuredErrorBody {
  readonly errors: readonly StructuredError[];
}

export interface StructuredError {
  /** Absent on some 404 answers. */
  readonly code?: string;
  readonly title: string;
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** The basic body of one refusal. `title` is the entry's, with its places filled. */
export function basicErrorBody(entry: ErrorEntry, title: string): BasicErrorBody {
  return { errors: [title, ...(entry.also ?? [])], ...entry.extra };
}

/** The structured body of one refusal, whose catalogue key is `key`. */
export function structuredErrorBody(
  key: string,
  entry: ErrorEntry,
  title: string,
  meta: Readonly<Record<string, unknown>> | undefined,
): StructuredErrorBody {
  const code = entry.code === undefined ? key : entry.code;
  return {
    errors: [{ ...(code === null ? {} : { code }), title, ...(meta === undefined ? {} : { meta }) }],
  };
}
