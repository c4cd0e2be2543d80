/** What a plan allows, as published. `tags` null: no limit. */
export interface PlanLimits {
  /** Tags of one user. */
  readonly tags: number | null;
  /** Messages created and cancelled, each second. */
  readonly messagesPerSecond: number;
}

export const PLANS = {
  free: { tags: 2, messagesPerSecond: 150 },
  growth: { tags: 10, messagesPerSecond: 6000 },
  professional: { tags: 100, messagesPerSecond: 6000 },
  enterprise: { tags: null, messagesPerSecond: 6000 },
} as const satisfies Record<string, PlanLimits>;

export type Plan = keyof typeof PLANS;
