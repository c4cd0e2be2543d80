import { describeFailure } from '@carillon/client';
import type { Failure } from '@carillon/client';

/** The key or the app is wrong: nothing will ever be accepted. */
export class TargetRefused extends Error {
  constructor(failure: Failure) {
    super(`The target refuses the key: ${describeFailure(failure)}`);
    this.name = 'TargetRefused';
  }
}
