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
  'user-2': { status: 409, title: 'One or more Aliases claimed by another User' },
  'user-3': { status: 400, title: 'Creating a User requires at least one Alias or Subscription' },
  'user-not-found': {
    status: 404,
    title: "Given alias `({label}: {value})` doesn't match an existing user",
  },
  'alias-not-found': { status: 404, title: 'This user has no alias with the label `{label}`' },
  'alias-limit': {
    status: 400,
    title:
      'A user can have at most {limit} aliases besides external_id. Delete one with DELETE .../identity/<label> first.',
  },
  'subscription-0': { status: 404, title: 'Subscription not found' },
  'subscription-token-taken': {
    status: 409,
    title:
      'Another subscription of this app has this token. Move it with PATCH .../subscriptions/<id>/owner, or delete it first.',
  },
  'not-found': { status: 404, title: 'No such route: {method} {path}' },
  internal: { status: 500, title: 'Something went wrong here. The request may be retried.' },
  'feed-cursor': {
    status: 400,
    title: 'cursor must be one that this feed gave out; leave it away to read from the start',
  },
  unavailable: { status: 503, title: 'Service temporarily unavailable' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof catalogue;
