import type { Failure } from '@carillon/client';

/** Nothing was done: an argument, the environment or the state file is wrong. */
export class MoveInvalid extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MoveInvalid';
  }
}

/** Which side of the move something is about. */
export type Side = 'OneSignal' | 'Carillon';

/** A side refuses the key, cannot be reached, or answers what the move cannot go on with. What is done is kept. */
export class MoveStopped extends Error {
  readonly kind: 'refused-key' | 'unreachable' | 'unexpected';

  constructor(side: Side, message: string, kind: MoveStopped['kind']) {
    super(`${side}: ${message}`);
    this.name = 'MoveStopped';
    this.kind = kind;
  }
}

export function kindOfStop(failure: Failure): MoveStopped['kind'] {
  switch (failure.kind) {
    case 'unauthorized':
      return 'refused-key';
    case 'unreachable':
    case 'rate-limited':
    case 'unavailable':
      return 'unreachable';
    case 'aborted':
    case 'not-found':
    case 'conflict':
    case 'invalid':
      return 'unexpected';
  }
}
