import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

export type { Logger } from 'pino';

export interface LogOptions {
  readonly level: string;
  /** Where lines go; standard output when absent. */
  readonly destination?: DestinationStream;
}

/**
 * Lines are gathered for a moment: a write of its own for each line was a tenth of the time of a busy
 * API process. What is gathered is written when the process exits.
 */
const GATHERED = { minLength: 4_096, periodicFlush: 250 } as const;

/**
 * Structured log lines without personal data: ids, counts, durations and reasons, never an address,
 * a token, a name, a key or a body. What slips in under the usual names is redacted here.
 */
export function createLog({ level, destination }: LogOptions): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: [
          'authorization',
          '*.authorization',
          'password',
          '*.password',
          'email',
          '*.email',
          'token',
          '*.token',
        ],
        censor: '[redacted]',
      },
    },
    destination ?? pino.destination({ sync: false, ...GATHERED }),
  );
}
