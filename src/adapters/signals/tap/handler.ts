import { AqeError } from '../../../core/error/aqe-error.ts';
import { itemLimit, type Reading } from '../../../core/evidence/reading.ts';
import { ownText } from '../shared/own-text.ts';
import { plainMessage } from '../shared/plain-message.ts';
import { TestTally, type CountedTest } from '../shared/test-tally.ts';
import { Diagnostics } from './diagnostics.ts';
import { parsePoint, planLine, versionLine, type PointLine } from './lines.ts';

/** Deepest subtests that are read; what is indented further is taken for text. */
const maxDepth = 64;

/** The points of one level between two points of the level above. The outermost level has one such group for each output. */
interface Group {
  readonly parent: Group | null;
  /** Known when the point around it is read, which stands behind its subtests. */
  title: string;
  planned: number | null;
  /** The plan came before the points. */
  planFirst: boolean;
  points: number;
  /** A point that opened a brace and waits for its end. */
  opened: PointLine | null;
  /** Failures counted when the group began. */
  readonly badBefore: number;
}

/** The last point that was read: its diagnostics may follow. */
interface Last {
  readonly point: PointLine;
  readonly more: Diagnostics;
  readonly group: Group;
  readonly depth: number;
}

/** A point with subtests that node:test counts as a test. */
type Parent = Omit<CountedTest, 'outcome'> & { readonly outcome: 'failed' | 'errored' };

export class TapHandler {
  /** Whether any line was TAP. */
  sawTap = false;
  readonly #path: string;
  readonly #tally = new TestTally();
  readonly #groups: Group[] = [];
  #last: Last | null = null;
  readonly #parents = { passed: 0, failed: 0, skipped: 0 };
  readonly #failedParents: Parent[] = [];
  readonly #hiddenFailures: Parent[] = [];
  #failingTodos = 0;
  #failingSkips = 0;
  #skippedOutputs = 0;
  /** What comments at the end state, summed over outputs. */
  readonly #stated = new Map<string, number>();
  #proveFailed = false;

  constructor(path: string) {
    this.#path = path;
  }

  line(raw: string, number: number): void {
    const more = this.#last?.more;
    if (more?.take(raw)) return;
    const text = raw.trimEnd();
    const line = text.trimStart();
    const indent = text.length - line.length;
    const depth = indent / 4;
    if (line === '') return;
    if (/^Bail out!/i.test(line)) this.#bail(line.slice(9));
    if (indent === 0 && line.startsWith('FAILED--Further testing stopped')) this.#bail(line.slice(31));
    const isTap = Number.isInteger(depth) && depth <= maxDepth && this.#tap(line, depth, number);
    if (isTap) this.sawTap = true;
    else if (indent === 0) this.#outside(line, more);
    else if (!/^# (?:Subtest|TODO|SKIP)\b/.test(line)) more?.say(line);
  }

  finish(): Reading {
    this.#endOutput();
    const isNode = this.#stated.has('suites') && this.#stated.has('cancelled');
    if (isNode) {
      this.#tally.addCounts({ passed: this.#parents.passed, skipped: this.#parents.skipped });
      for (const parent of this.#failedParents) this.#tally.add(parent);
      this.#tally.addCounts({ failed: this.#parents.failed - this.#failedParents.length });
    } else for (const parent of this.#hiddenFailures) this.#tally.add(parent);
    const stated = (name: string): number => this.#stated.get(name) ?? 0;
    const bad = stated('fail') + stated('cancelled');
    const notices = [
      ...this.#tally.reconcile(
        // Others than node:test count something else.
        { tests: [isNode ? stated('tests') : null], bad: isNode || this.#tally.bad === 0 ? bad : null },
        { tests: this.#tally.total, bad: this.#tally.bad },
      ),
      ...counted('failing tests that are marked as to do, counted as skipped', this.#failingTodos),
      ...counted('failing tests that are marked as skipped, counted as skipped', this.#failingSkips),
      ...counted('outputs that skip all of their tests', this.#skippedOutputs),
    ];
    if (this.#proveFailed && this.#tally.bad === 0)
      this.#tally.add({ name: ['(the run)'], outcome: 'errored', message: 'The harness says that the run failed.' });
    return {
      producer: { name: isNode ? 'node:test' : 'tap' },
      facts: [this.#tally.run(this.#path)],
      notices,
    };
  }

  /** True if the line is TAP. */
  #tap(line: string, depth: number, number: number): boolean {
    if (versionLine.test(line)) {
      if (depth > 0) return true;
      if (this.#groups[0] && (this.#groups[0].points > 0 || this.#groups[0].planned !== null)) this.#endOutput();
      // From here on a plan is due.
      this.#group(0);
      return true;
    }
    const plan = planLine.exec(line);
    if (plan) {
      this.#plan(Number(plan[1]), depth);
      return true;
    }
    const point = parsePoint(line);
    if (point) {
      this.#point(point, depth);
      return true;
    }
    if (line === '}' && this.#groups[depth]?.opened) {
      this.#flush(depth);
      return true;
    }
    if (line.startsWith('1..') && depth === 0)
      throw new AqeError('AQE2003', 'the plan is not a whole number', { path: this.#path, line: number });
    return false;
  }

  /** A line at the margin that is no TAP: a comment, or the words of whatever ran the tests. */
  #outside(line: string, more: Diagnostics | undefined): void {
    const total = /^# (tests|suites|pass|fail|cancelled|skipped|todo)\s+(\d{1,9})$/.exec(line);
    if (total) this.#stated.set(total[1]!, (this.#stated.get(total[1]!) ?? 0) + Number(total[2]));
    else if (line === 'Result: FAIL') this.#proveFailed = true;
    else if (line.startsWith('#') && !line.startsWith('# Subtest')) more?.say(line);
  }

  #plan(planned: number, depth: number): void {
    this.#flush(depth);
    if (this.#groups[depth] && this.#groups[depth].planned !== null) {
      if (depth === 0) this.#endOutput();
      else this.#endGroup(depth);
    }
    const group = this.#group(depth);
    group.planned = planned;
    group.planFirst = group.points === 0;
  }

  #point(point: PointLine, depth: number): void {
    this.#flush(depth);
    const before = this.#groups[depth];
    // One output ended with its plan, or with its last test, and the next one began.
    if (depth === 0 && before?.planned != null && before.points > 0)
      if (!before.planFirst || (before.points >= before.planned && point.number === 1)) this.#endOutput();
    const group = this.#group(depth);
    group.points += 1;
    // Behind subtests that were indented a brace is part of the name.
    if (!point.opens || hasTests(this.#groups[depth + 1])) {
      this.#last = { point, more: new Diagnostics(), group, depth };
      return;
    }
    this.#endGroup(depth + 1);
    group.opened = point;
    this.#group(depth + 1).title = point.description;
  }

  /** The group of a level, with all groups around it. */
  #group(depth: number): Group {
    for (let next = this.#groups.length; next <= depth; next += 1)
      this.#groups.push({
        parent: this.#groups[next - 1] ?? null,
        title: '',
        planned: null,
        planFirst: false,
        points: 0,
        opened: null,
        badBefore: this.#tally.bad,
      });
    return this.#groups[depth]!;
  }

  /** Counts the last point, before a line of the level. */
  #flush(depth: number): void {
    const last = this.#last;
    if (last?.more.isOpen)
      throw new AqeError('AQE2002', 'a YAML block has no end: the output is cut short', { path: this.#path });
    this.#last = null;
    if (last) this.#count(last.point, last.more, last.group, last.depth);
    // What comes at the level of an open brace shows that the brace was part of a name.
    const group = this.#groups[depth];
    if (group?.opened) this.#closeBrace(group, depth);
  }

  #closeBrace(group: Group, depth: number): void {
    const point = group.opened!;
    group.opened = null;
    this.#count(point, new Diagnostics(), group, depth);
  }

  /** Counts a point: as a test, or, where there are subtests, as what stands around them. */
  #count(point: PointLine, more: Diagnostics, group: Group, depth: number): void {
    const inner = this.#groups[depth + 1];
    // A plan of no tests skips the whole, which counts as one test then.
    const hasSubtests = hasTests(inner);
    if (inner) inner.title = point.description;
    const test = this.#testOf(point, more, group);
    this.#endGroup(depth + 1);
    if (inner && hasSubtests) {
      this.#addParent(test, more.type === 'suite', this.#tally.bad > inner.badBefore);
      return;
    }
    if (more.type === 'suite') {
      if (test.outcome === 'failed') this.#tally.add({ ...test, outcome: 'errored' });
      return;
    }
    if (!point.ok && point.directive === 'todo') this.#failingTodos += 1;
    if (!point.ok && point.directive === 'skip') this.#failingSkips += 1;
    this.#tally.add(test);
    this.#tally.addSeconds(point.seconds ?? more.seconds);
  }

  #addParent(test: CountedTest, isSuite: boolean, hasFailure: boolean): void {
    const { outcome } = test;
    if (!isSuite && (outcome === 'passed' || outcome === 'failed' || outcome === 'skipped'))
      this.#parents[outcome] += 1;
    if (outcome !== 'failed') return;
    if (isSuite) {
      if (!hasFailure) this.#tally.add({ ...test, outcome: 'errored' });
      return;
    }
    if (this.#failedParents.length < itemLimit) this.#failedParents.push({ ...test, outcome: 'failed' });
    if (!hasFailure) this.#hiddenFailures.push({ ...test, outcome: 'errored' });
  }

  #testOf(point: PointLine, more: Diagnostics, group: Group): CountedTest {
    const outcome = point.directive ? 'skipped' : point.ok ? 'passed' : 'failed';
    if (outcome !== 'failed') return { name: [], outcome };
    const own = ownText(point.description || `test ${point.number ?? group.points}`);
    return {
      name: () => [...titles(group), own],
      outcome,
      message: plainMessage(more.message),
      file: more.file,
    };
  }

  /** Ends a level inside of the outermost, and what is inside of it. */
  #endGroup(depth: number): void {
    const group = this.#groups[depth];
    if (!group) return;
    if (group.opened) this.#closeBrace(group, depth);
    this.#endGroup(depth + 1);
    if (group.planned !== null) this.#comparePlan(group, group.planned);
    this.#groups.length = depth;
  }

  #endOutput(): void {
    this.#flush(0);
    this.#endGroup(1);
    const group = this.#groups.pop();
    if (!group) return;
    if (group.planned === null)
      throw new AqeError('AQE2002', 'there is no plan: the output is cut short', { path: this.#path });
    if (group.planned === 0 && group.points === 0) this.#skippedOutputs += 1;
    else this.#comparePlan(group, group.planned);
  }

  #comparePlan(group: Group, planned: number): void {
    if (planned === group.points) return;
    const message = `The plan has ${planned} tests, and ${group.points} ran.`;
    this.#tally.add({ name: () => [...titles(group), '(the plan)'], outcome: 'errored', message });
    // Each test that did not run is a failed one; tests too many are one mistake.
    this.#tally.addCounts({ errored: Math.max(0, planned - group.points - 1) });
  }

  #bail(reason: string): never {
    const why = reason.replace(/^[\s:]+/, '').slice(0, 40);
    throw new AqeError('AQE2006', `the tests were given up${why ? `: ${why}` : ''}`, { path: this.#path });
  }
}

function hasTests(group: Group | undefined): boolean {
  return group !== undefined && (group.points > 0 || Boolean(group.planned));
}

function titles(group: Group): readonly string[] {
  const found: string[] = [];
  for (let next: Group | null = group; next; next = next.parent) found.unshift(next.title);
  return found;
}

function counted(what: string, number: number): readonly string[] {
  return number > 0 ? [`${what}: ${number}`] : [];
}
