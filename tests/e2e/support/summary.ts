import type { FullResult, Reporter, Suite } from '@playwright/test/reporter';

/** Ends the run with one line that a script can read: `N passed, N failed`, skipped ones named when there are any. */
export default class Summary implements Reporter {
  private suite?: Suite;

  onBegin(_config: unknown, suite: Suite) {
    this.suite = suite;
  }

  onEnd(result: FullResult) {
    const tests = this.suite?.allTests() ?? [];
    const count = (outcome: string) => tests.filter((test) => test.outcome() === outcome).length;
    const passed = count('expected') + count('flaky');
    const failed = count('unexpected');
    const skipped = count('skipped');
    console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} not run` : ''}`);
    if (result.status === 'timedout') console.log('The run took too long and was ended.');
  }

  printsToStdio() {
    return true;
  }
}
