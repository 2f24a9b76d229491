import { basename } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { FullResult, Reporter, Suite, TestCase } from '@playwright/test/reporter';

/** So many tests may pass at their second try alone; with more, the run has failed. */
const flakyAtMost = 5;

/**
 * Ends the run with where and why each test failed, a line each, and one line that a script can read: `N passed, N failed`,
 * skipped ones named when there are any. What passed at its second try is no pass and no failure: it is named as FLAKY.
 */
export default class Summary implements Reporter {
  private suite?: Suite;

  onBegin(_config: unknown, suite: Suite) {
    this.suite = suite;
  }

  async onEnd(result: FullResult): Promise<{ status?: FullResult['status'] }> {
    const tests = this.suite?.allTests() ?? [];
    const of = (outcome: ReturnType<TestCase['outcome']>) => tests.filter((test) => test.outcome() === outcome);
    for (const test of of('unexpected')) for (const line of errors(test)) console.log(line);
    for (const test of of('flaky')) {
      const tries = test.results.map(({ duration }) => `${(duration / 1000).toFixed(1)} s`).join(', ');
      console.log(`FLAKY ${errors(test)[0] ?? `"${test.title}"`} (tries: ${tries})`);
    }
    const skipped = of('skipped').length;
    if (result.status === 'timedout') console.log('The run took too long and was ended.');
    const rotten = of('flaky').length > flakyAtMost;
    if (rotten) console.log(`More than ${flakyAtMost} tests needed a second try.`);
    console.log(`${of('expected').length} passed, ${of('unexpected').length} failed${skipped ? `, ${skipped} not run` : ''}`);
    return rotten ? { status: 'failed' } : {};
  }

  printsToStdio() {
    return true;
  }
}

/** Where and why a test failed, a line for each error. */
function errors({ title, results }: TestCase): string[] {
  return results.flatMap((result) => result.errors).map(({ message = '', location }) => {
    const where = location ? `${basename(location.file)}:${location.line}` : 'no line';
    return `${where} in "${title}": ${stripVTControlCharacters(message).split('\n')[0]}`;
  });
}
