import { TargetRefused } from '../destination/target-refused.ts';
import { AlreadyRunning } from '../home/home-lock.ts';
import { sqlStateOf } from '../sources/sql-state.ts';
import { SourceRefused } from '../sources/http/source-failure.ts';
import { isPassing } from '../sync/is-passing.ts';
import { SafetyLimit } from '../model/safety-limit.ts';

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
  if (error instanceof SourceRefused || isPassing(error)) return EXIT.sourceUnreachable;
  switch (sqlStateOf(error)?.slice(0, 2)) {
    // The login is refused; there is no such database.
    case '28':
    case '3D':
      return EXIT.sourceUnreachable;
    // The model or its tables are wrong.
    case '42':
      return EXIT.configInvalid;
    case undefined:
    default:
      return EXIT.unexpected;
  }
}
