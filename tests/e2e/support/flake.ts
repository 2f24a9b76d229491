import { basename } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

interface Runs {
  times: number[];
  /** Each reason with how often it was one. */
  failures: Map<string, number>;
  limit: number;
}

/** How often each test failed of those times that it ran, how sure that is, and how near it came to its limit. */
export default class Flake implements Reporter {
  private readonly tests = new Map<string, Runs>();

  onTestEnd(test: TestCase, { status, duration, errors }: TestResult) {
    if (status === 'skipped' || status === 'interrupted') return;
    const name = `${basename(test.location.file)}:${test.location.line} ${test.titlePath().slice(3).join(' › ')}`;
    const runs: Runs = this.tests.get(name) ?? { times: [], failures: new Map(), limit: test.timeout };
    this.tests.set(name, runs);
    runs.times.push(duration);
    if (status === 'passed') return;
    const { message = status, location } = errors[0] ?? {};
    const where = location ? `${basename(location.file)}:${location.line} ` : '';
    const reason = where + stripVTControlCharacters(message).split('\n')[0];
    runs.failures.set(reason, (runs.failures.get(reason) ?? 0) + 1);
  }

  onEnd() {
    console.log('\nruns  failed  rate at most  median    95 %  of limit  test');
    for (const [name, { times, failures, limit }] of this.tests) {
      const failed = [...failures.values()].reduce((sum, each) => sum + each, 0);
      times.sort((a, b) => a - b);
      const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
      const seconds = (time: number) => `${(time / 1000).toFixed(1)} s`.padStart(7);
      const columns = [
        String(times.length).padStart(4),
        String(failed).padStart(7),
        `${(100 * upperBound(failed, times.length)).toFixed(1)} %`.padStart(13),
        seconds(at(0.5)),
        seconds(at(0.95)),
        `${((100 * at(0.95)) / limit).toFixed(0)} %`.padStart(8),
      ];
      console.log(`${columns.join(' ')}  ${name}`);
      for (const [reason, often] of failures) console.log(`${String(often).padStart(12)} × ${reason}`);
    }
  }

  printsToStdio() {
    return true;
  }
}

/** The rate of failure that is exceeded with a probability of 2.5 % at most: the upper end of Wilson's interval. */
function upperBound(failed: number, runs: number): number {
  const z = 1.96;
  const rate = failed / runs;
  const spread = z * Math.sqrt((rate * (1 - rate)) / runs + (z * z) / (4 * runs * runs));
  return (rate + (z * z) / (2 * runs) + spread) / (1 + (z * z) / runs);
}
