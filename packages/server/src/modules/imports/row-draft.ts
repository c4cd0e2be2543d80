/** What the fields of a row say, before it is a write. */
export interface RowDraft {
  readonly identity: Record<string, string>;
  readonly tags: Record<string, string | number | boolean | null>;
  readonly properties: Record<string, string | number>;
  readonly device: Record<string, string | boolean>;
  formerId: string | null;
  subscriptionId: string | null;
  email: string | null;
  phoneNumber: string | null;
  token: string | null;
  type: string | null;
  subscribed: boolean | null;
  notificationTypes: number | null;
  suppressed: boolean | null;
  sessionCount: number | null;
  /** Seconds. */
  sessionTime: number | null;
  /** Milliseconds since the epoch. */
  since: number | null;
  lastActive: number | null;
}

export function newDraft(): RowDraft {
  return {
    identity: {},
    tags: {},
    properties: {},
    device: {},
    formerId: null,
    subscriptionId: null,
    email: null,
    phoneNumber: null,
    token: null,
    type: null,
    subscribed: null,
    notificationTypes: null,
    suppressed: null,
    sessionCount: null,
    sessionTime: null,
    since: null,
    lastActive: null,
  };
}
