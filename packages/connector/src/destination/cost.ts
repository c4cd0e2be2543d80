/** How much there is to send. */
export interface Work {
  readonly newUsers: number;
  /** Users of whom only tags and other properties changed. */
  readonly changedProperties: number;
  /** Users whose addresses or consent changed. */
  readonly changedSubscriptions: number;
  readonly removed: number;
  readonly events: number;
  readonly messages: number;
  /** Tags and other properties of one user, at most. */
  readonly propertiesPerUser: number;
}

/** What it takes, by kind of request. */
export interface Cost {
  readonly lines: readonly CostLine[];
  /** Kinds go side by side: the longest one. */
  readonly seconds: number;
}

export interface CostLine {
  /** In the plural, for a person: 'user requests'. */
  readonly what: string;
  readonly requests: number;
  /** Of requests; null where no limit is known. */
  readonly perSecond: number | null;
  readonly seconds: number;
}

/** Lines without requests are left out. */
export function costOf(
  kinds: readonly { readonly what: string; readonly requests: number; readonly perSecond: number | null }[],
): Cost {
  const lines = kinds
    .filter(({ requests }) => requests > 0)
    .map((kind) => ({ ...kind, seconds: kind.perSecond === null ? 0 : kind.requests / kind.perSecond }));
  return { lines, seconds: Math.max(0, ...lines.map(({ seconds }) => seconds)) };
}
