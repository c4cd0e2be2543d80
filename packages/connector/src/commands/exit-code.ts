import pg from 'pg';
import { TargetRefused } from '../destination/target-refused.ts';
import { AlreadyRunning } from '../sync/already-running.ts';
import { isPassing } from '../sync/is-passing.ts';
import { SafetyLimit } from '../sync/safety-limit.ts';

/** What the process ends with; scripts rely on these numbers. */
export const EXIT = {
  done: 0,
  unexpected: 1,
  configInvalid: 2,
  rejectedRows: 3,
  safetyLimit: 4,
  sourceUnreachable: 5,
  targetRefused: 6,
  planFoundChanges: 10,
  interrupted: 130,
} as const;

/** The exit code that a failure stands for. */
export function exitCodeOf(error: unknown): number {
  // By name: the configuration is loaded with modules of its own.
  if (error instanceof Error && error.name === 'ConfigInvalid') return EXIT.configInvalid;
  if (error instanceof AlreadyRunning) return EXIT.configInvalid;
  if (error instanceof TargetRefused) return EXIT.targetRefused;
  if (error instanceof SafetyLimit) return EXIT.safetyLimit;
  if (isPassing(error)) return EXIT.sourceUnreachable;
  if (error instanceof pg.DatabaseError) {
    const kind = error.code?.slice(0, 2);
    // 28: the login is refused; 3D: no such database; 42: the model or its tables are wrong.
    if (kind === '28' || kind === '3D') return EXIT.sourceUnreachable;
    if (kind === '42') return EXIT.configInvalid;
  }
  return EXIT.unexpected;
}
