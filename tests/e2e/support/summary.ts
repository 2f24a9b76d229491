import { basename } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { FullResult, Reporter, Suite } from '@playwright/test/reporter';

/**
 * Ends the run with where and why each failed test failed, a line each, and one line that a script can read: `N passed,
 * N failed`, skipped ones named when there are any.
 */
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
    for (const { title, results } of tests.filter((test) => test.outcome() === 'unexpected')) {
      for (const { message = '', location } of results.flatMap((result) => result.errors)) {
        const where = location ? `${basename(location.file)}:${location.line}` : 'no line';
        console.log(`${where} in "${title}": ${stripVTControlCharacters(message).split('\n')[0]}`);
      }
    }
    console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} not run` : ''}`);
    if (result.status === 'timedout') console.log('The run took too long and was ended.');
  }

  printsToStdio() {
    return true;
  }
}
