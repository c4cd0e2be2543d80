/** What the destination should know of one user, in the spelling in which it keeps it. */
export interface MappedUser {
  readonly key: string;
  readonly externalId: string;
  /** Label to name, without external_id. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly properties: {
    /** "" removes the tag. */
    readonly tags: Readonly<Record<string, string>>;
    readonly language?: string;
    readonly country?: string;
    readonly timezone_id?: string;
  };
  readonly subscriptions: readonly MappedSubscription[];
  /** External ids of users whom this one has taken over. */
  readonly replaces?: readonly string[];
}

export interface MappedSubscription {
  readonly type: 'Email' | 'SMS';
  /** An email address in lower case, or a number in E.164. */
  readonly token: string;
  readonly enabled: boolean;
  /** When the person said so, in milliseconds since the epoch; null or absent where nobody knows. */
  readonly consentAt?: number | null;
}

/** Takes note of a field that cannot be sent as it is, and of the rule that it breaks. */
export type Refuse = (field: string, rule: string) => void;
