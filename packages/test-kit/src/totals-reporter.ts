import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/**
 * Closes a run with `N passed, N failed` on a line of its own, over all projects. What failed outside
 * a test counts too: a file that did not load, an error that nobody caught. Tests that passed only when they
 * were run again are named above it: each of them is a fault of the test, or of what it tests.
 */
export default class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const outside = modules.filter((module) => module.errors().length > 0).length + unhandledErrors.length;
    for (const test of tests) {
      if (test.diagnostic()?.flaky !== true) continue;
      const [fault] = test.result().errors ?? [];
      console.log(`passed only when run again: ${test.module.relativeModuleId} > ${test.fullName}`);
      console.log(`  at first: ${fault?.message ?? 'without an error'}`);
    }
    console.log(`${count('passed')} passed, ${count('failed') + outside} failed`);
  }
}
