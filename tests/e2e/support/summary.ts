import type { FullResult, Reporter, Suite, TestCase, TestResult, TestStep } from '@playwright/test/reporter';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Machine } from './machine';

/** So many tests may pass at their second try alone; with more, the run has failed. */
const flakyAtMost = 5;
/** A test that takes a larger share of its limit than this is named: it will not hold on a slower machine. */
const slow = 1 / 3;

/**
 * Ends the run with what whoever sees its last lines alone needs: of each test that failed where, why and in which step,
 * what its pages and servers said last, and how busy the machine was; the slowest tests; and one line that a script can
 * read, `N passed, N failed`, skipped ones named when there are any. What passed at its second try is no pass and no
 * failure: it is named as FLAKY, here and in `report.json` beside what failed tests leave.
 */
export default class Summary implements Reporter {
  private suite?: Suite;
  private folder = '.';
  private readonly running = new Map<TestResult, Machine>();
  private readonly busy = new Map<TestResult, string>();

  onBegin(config: { rootDir: string; projects: { outputDir: string }[] }, suite: Suite) {
    this.suite = suite;
    this.folder = config.projects[0]?.outputDir ?? config.rootDir;
  }

  onTestBegin(_test: TestCase, result: TestResult) {
    this.running.set(result, new Machine());
  }

  onTestEnd(_test: TestCase, result: TestResult) {
    this.busy.set(result, String(this.running.get(result)));
    this.running.delete(result);
  }

  async onEnd(result: FullResult): Promise<{ status?: FullResult['status'] }> {
    const tests = this.suite?.allTests() ?? [];
    const of = (outcome: ReturnType<TestCase['outcome']>) => tests.filter((test) => test.outcome() === outcome);
    for (const test of of('unexpected')) this.tell('FAILED', test);
    for (const test of of('flaky')) this.tell('FLAKY', test);
    this.tellSlowest(tests);
    const skipped = of('skipped').length;
    if (result.status === 'timedout') console.log('The run took too long and was ended.');
    const rotten = of('flaky').length > flakyAtMost;
    if (rotten) console.log(`More than ${flakyAtMost} tests needed a second try.`);
    this.keep(tests);
    console.log(`${of('expected').length} passed, ${of('unexpected').length} failed${skipped ? `, ${skipped} not run` : ''}`);
    return rotten ? { status: 'failed' } : {};
  }

  printsToStdio() {
    return true;
  }

  /** Of the first try, which had the others beside it. */
  private tell(what: string, test: TestCase): void {
    const first = test.results[0];
    const { message = first?.status ?? '', location = test.location } = first?.errors[0] ?? {};
    const where = `${basename(location.file)}:${location.line}`;
    console.log(`${what} ${where} in "${title(test)}": ${plain(message).split('\n')[0]}`);
    if (!first) return;
    const tries = test.results.map(({ duration }) => (duration / 1000).toFixed(1)).join(' and ');
    console.log(`  took ${tries} of ${test.timeout / 1000} s; ${this.busy.get(first) ?? ''}`);
    const step = stepThatFailed(first.steps);
    if (step) console.log(`  in the step ${step}`);
    for (const { name, body } of first.attachments) {
      if (name !== 'last words' || !body) continue;
      for (const line of plain(body.toString()).split('\n')) console.log(`  ${line}`);
    }
  }

  private tellSlowest(tests: TestCase[]): void {
    const share = ({ results, timeout }: TestCase) => Math.max(0, ...results.map(({ duration }) => duration)) / timeout;
    const slowest = tests.filter((test) => test.results.length > 0).sort((a, b) => share(b) - share(a)).slice(0, 10);
    if (!slowest.length) return;
    console.log('The slowest tests, as a share of their limits:');
    for (const test of slowest) {
      const percent = `${Math.round(100 * share(test))} %`.padStart(5);
      console.log(`${percent}${share(test) > slow ? ' SLOW' : ''} ${basename(test.location.file)}:${test.location.line} ${title(test)}`);
    }
  }

  private keep(tests: TestCase[]): void {
    const report = tests.map((test) => ({
      file: basename(test.location.file),
      line: test.location.line,
      title: title(test),
      outcome: test.outcome(),
      tries: test.results.map((result) => ({
        status: result.status,
        milliseconds: result.duration,
        machine: this.busy.get(result),
        errors: result.errors.map(({ message = '' }) => plain(message)),
      })),
    }));
    try {
      writeFileSync(join(this.folder, 'report.json'), JSON.stringify(report, null, 1));
    } catch {
      // Nothing has been left, not even the folder.
    }
  }
}

function title(test: TestCase): string {
  return test.titlePath().slice(1).filter(Boolean).join(' › ');
}

function plain(text: string): string {
  return stripVTControlCharacters(text);
}

/** The titles that lead to the innermost step with an error. */
function stepThatFailed(steps: TestStep[]): string | undefined {
  const failed = steps.findLast(({ error }) => error);
  if (!failed) return undefined;
  const inner = stepThatFailed(failed.steps);
  return inner ? `${plain(failed.title)} › ${inner}` : plain(failed.title);
}
