/**
 * The error catalogue: every refusal of the API, once. The key is the stable code that the
 * structured envelope carries; the title is the sentence, with `{name}` where a value goes; both
 * are the documented ones wherever they are known. docs/reference/errors.md is generated from it.
 */
export interface ErrorEntry {
  readonly status: number;
  readonly title: string;
}

export const catalogue = {
  'access-denied': {
    status: 403,
    title:
      "Access denied.  Please include an 'Authorization: ...' header with a valid API key (https://documentation.onesignal.com/docs/en/keys-and-ids#api-keys).",
  },
  'auth-1': { status: 401, title: "This operation requires 'Authorization' in the HTTP header" },
  'request-1': { status: 400, title: 'Invalid UUID' },
  'request-invalid': { status: 400, title: '{field} {rule}' },
  'not-found': { status: 404, title: 'No such route: {method} {path}' },
  internal: { status: 500, title: 'Something went wrong here. The request may be retried.' },
  unavailable: { status: 503, title: 'Service temporarily unavailable' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof catalogue;
