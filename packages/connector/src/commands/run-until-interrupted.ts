import { EXIT } from './exit-code.ts';

/**
 * Runs `work` with a signal that Ctrl-C and SIGTERM end. The first asks for a clean end, a second
 * one does not wait for it. Gives the exit code.
 */
export async function runUntilInterrupted(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    const code = await work(controller.signal);
    return controller.signal.aborted ? EXIT.interrupted : code;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
