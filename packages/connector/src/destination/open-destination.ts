import type { Failure } from '@carillon/client';
import type { Target } from '../config/target.ts';
import { CarillonDestination } from './carillon/carillon-destination.ts';
import type { Destination } from './destination.ts';
import { OneSignalDestination } from './onesignal/onesignal-destination.ts';

/** The one place that chooses. `onTrouble` is told of each failed try that will be repeated. */
export function openDestination(
  target: Target,
  onTrouble: (failure: Failure) => void = () => undefined,
): Destination {
  switch (target.kind) {
    case 'carillon':
      return new CarillonDestination(target, onTrouble);
    case 'onesignal':
      return new OneSignalDestination(target, onTrouble);
  }
}
