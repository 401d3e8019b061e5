import { ownText } from '../shared/own-text.ts';
import { plainMessage } from '../shared/plain-message.ts';
import { TestTally } from '../shared/test-tally.ts';

export interface GoEvent {
  readonly Action: string;
  readonly Package?: string | null | undefined;
  readonly ImportPath?: string | null | undefined;
  readonly Test?: string | null | undefined;
  readonly Elapsed?: number | null | undefined;
  readonly Output?: string | null | undefined;
  readonly FailedBuild?: string | null | undefined;
}

/** What is kept of an output, in UTF-16 units. */
const outputLimit = 500;

interface Failure {
  readonly outcome: 'failed' | 'errored';
  readonly message: string | undefined;
}

/** One run of one package: from its first event to its own pass, fail or skip. */
interface Run {
  readonly running: Map<string, { output: string }>;
  readonly roots: Set<string>;
  readonly passed: string[];
  readonly skipped: string[];
  readonly failed: [name: string, failure: Failure][];
  output: string;
}

/** Failures of a package that stand so far, by test; the empty name is the package itself. */
type Failures = Map<string, Failure & { readonly test: string }>;

/** Follows the events of packages, which may be mixed, and counts the tests in them. */
export class PackageRuns {
  readonly #tally = new TestTally();
  readonly #runs = new Map<string, Run>();
  readonly #failures = new Map<string, Failures>();
  /** Compiler output by import path, until the package that could not be built is named. */
  readonly #builds = new Map<string, { output: string; failed: boolean }>();
  readonly #notBuilt = new Map<string, string>();

  take(event: GoEvent): void {
    const { Action: action, Test: test } = event;
    if (action === 'build-output' || action === 'build-fail') this.#build(event);
    else if (test) this.#test(action, test, event, this.#run(event));
    else if (action === 'output') {
      const run = this.#run(event);
      run.output = kept(run.output, event.Output);
    } else if (action === 'pass' || action === 'fail' || action === 'skip') this.#end(action, event, this.#run(event));
    else if (action === 'start') this.#run(event);
  }

  /** A package of which a line of plain text says that it could not be built. */
  notBuilt(name: string, reason: string): void {
    this.#notBuilt.set(ownText(name), ownText(reason));
  }

  /** A package that began and did not end; undefined if there is none. */
  get unfinished(): string | undefined {
    return [...this.#runs.keys()][0];
  }

  /** The counts. To be asked for once, behind the last event. */
  tally(): TestTally {
    for (const [name, reason] of this.#notBuilt) {
      const known = this.#failures.get(name);
      if (!known?.size) this.#tally.add({ name: [name], outcome: 'errored', message: reason });
    }
    for (const [name, { output, failed }] of this.#builds)
      if (failed) this.#tally.add({ name: [name], outcome: 'errored', message: output || 'build failed' });
    for (const [name, failures] of this.#failures)
      for (const { test, outcome, message } of failures.values())
        this.#tally.add({ name: [name, test], outcome, message });
    return this.#tally;
  }

  #run(event: GoEvent): Run {
    const name = event.Package ?? '';
    const known = this.#runs.get(name);
    if (known) return known;
    const run: Run = { running: new Map(), roots: new Set(), passed: [], skipped: [], failed: [], output: '' };
    this.#runs.set(name, run);
    return run;
  }

  #build({ Action: action, ImportPath: path, Output: output }: GoEvent): void {
    const build = this.#builds.get(path ?? '') ?? { output: '', failed: false };
    build.output = kept(build.output, output);
    build.failed ||= action === 'build-fail';
    this.#builds.set(path ?? '', build);
  }

  #test(action: string, test: string, { Output: output, Elapsed: elapsed }: GoEvent, run: Run): void {
    if (action === 'run') {
      run.running.set(test, { output: '' });
      return;
    }
    const state = run.running.get(test);
    if (action === 'output') {
      if (state && !/^(?:=== |\s*--- )/.test(output ?? '')) state.output = kept(state.output, output);
      return;
    }
    if (action !== 'pass' && action !== 'fail' && action !== 'skip') return;
    run.running.delete(test);
    run.roots.add(rootOf(test));
    // The time of a test holds that of its subtests.
    if (rootOf(test) === test && elapsed != null && elapsed >= 0) this.#tally.addSeconds(elapsed);
    if (action === 'pass') run.passed.push(test);
    else if (action === 'skip') run.skipped.push(test);
    else run.failed.push([test, { outcome: 'failed', message: plainMessage(state?.output) }]);
  }

  #end(action: 'pass' | 'fail' | 'skip', event: GoEvent, run: Run): void {
    const name = event.Package ?? '';
    this.#runs.delete(name);
    const ended = new Set(run.passed);
    for (const [test, { output }] of run.running) {
      // A benchmark has no end of its own.
      if (test.startsWith('Benchmark') && action === 'pass') continue;
      run.roots.add(rootOf(test));
      // The end of a subtest is sometimes not seen; the test around it would not have passed without it.
      if (test.includes('/') && ended.has(rootOf(test))) run.passed.push(test);
      else run.failed.push([test, { outcome: 'errored', message: plainMessage(output) ?? 'The test did not end.' }]);
    }
    const failures = this.#failures.get(name) ?? new Map();
    this.#failures.set(name, failures);
    const message = event.FailedBuild ? this.#takeBuild(event.FailedBuild) : plainMessage(run.output);
    if (action === 'fail' && run.failed.length === 0)
      run.failed.push(['', { outcome: 'errored', message: message ?? 'The package failed, and none of its tests.' }]);

    const isRerun = run.roots.size > 0 && [...run.roots].every((root) => failures.has(root));
    if (isRerun) this.#addRerun(name, run, failures);
    else this.#add(run, failures);
  }

  #add({ passed, skipped, failed }: Run, failures: Failures): void {
    this.#tally.addCounts({ passed: passed.length, skipped: skipped.length });
    for (const [test, failure] of failed) {
      // The same test may be run many times.
      let key = test;
      for (let next = 2; failures.has(key); next += 1) key = `${test}#${failures.size + next}`;
      failures.set(key, { ...failure, test });
    }
  }

  /** Only tests that had failed were run, so that the later result stands; others were counted before. */
  #addRerun(name: string, { passed, skipped, failed }: Run, failures: Failures): void {
    for (const test of passed) {
      const earlier = failures.get(test);
      if (!earlier) continue;
      failures.delete(test);
      this.#tally.add({ name: [name, test], outcome: 'flaky', message: earlier.message });
    }
    for (const test of skipped) if (failures.delete(test)) this.#tally.addCounts({ skipped: 1 });
    for (const [test, failure] of failed) failures.set(test, { ...failure, test });
  }

  #takeBuild(path: string): string | undefined {
    const build = this.#builds.get(path);
    // Several packages can fail for one that does not build: all of them are told so.
    if (build) build.failed = false;
    return plainMessage(build?.output);
  }
}

function rootOf(test: string): string {
  const end = test.indexOf('/');
  return end < 0 ? test : test.slice(0, end);
}

function kept(output: string, more: string | null | undefined): string {
  return output.length >= outputLimit || !more ? output : ownText((output + more).slice(0, outputLimit));
}
