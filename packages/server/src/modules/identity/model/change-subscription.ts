import type { SubscriptionChange } from './operation.ts';
import type { ModelSubscription } from './world.ts';

/** Errors after which a device tries again by itself: a healthy subscription stays as it is. */
const PASSING: ReadonlySet<number> = new Set([-8, -9, -11, -12, -25, -27, -29]);

type OptIn = Pick<ModelSubscription, 'enabled' | 'notificationTypes'>;

/** Of a new subscription: on, unless it is push that was never granted. */
export function optInOf(token: string, change: SubscriptionChange): OptIn {
  return switched({ enabled: true, notificationTypes: token === '' ? 0 : 1 }, change);
}

/**
 * `enabled` is the caller's switch and `notification_types` the reason; either says the other where that
 * is left open. A reason to be off that is known is not forgotten by switching off once more.
 */
export function changeOptIn<Changed extends OptIn>(present: Changed, change: SubscriptionChange): Changed {
  const passes = change.notification_types !== undefined && PASSING.has(change.notification_types);
  return passes && present.notificationTypes > 0 ? present : switched(present, change);
}

function switched<Changed extends OptIn>(present: Changed, change: SubscriptionChange): Changed {
  const { enabled, notification_types: types } = change;
  return {
    ...present,
    enabled: enabled ?? (types === undefined ? present.enabled : types > 0),
    notificationTypes: reasonOf(present.notificationTypes, enabled, types),
  };
}

function reasonOf(present: number, enabled: boolean | undefined, asked: number | undefined): number {
  if (enabled === undefined) return asked ?? present;
  if (enabled) return asked ?? Math.max(present, 1);
  if (asked !== undefined && asked <= 0) return asked;
  return present <= 0 ? present : -31;
}
