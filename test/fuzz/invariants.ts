import {
  factKinds,
  itemLimit,
  severities,
  type CodeIssues,
  type CodeReview,
  type Count,
  type Coverage,
  type Fact,
  type LineHits,
  type LoadRun,
  type Measure,
  type MutationRun,
  type Reading,
  type Review,
  type SecurityIssues,
  type TestRun,
  type VexStatements,
} from '../../src/core/evidence/reading.ts';

/** What is wrong with a reading, by its own rules (`core/evidence/reading.ts`); null if nothing is. */
export function wrongIn(reading: Reading): string | null {
  try {
    check(isText(reading.producer.name), 'the producer has no name');
    for (const key of ['commit', 'takenAt'] as const) check(isOptionalText(reading[key]), `${key} is no text`);
    check(isOptionalText(reading.producer.version), 'the version of the producer is no text');
    check(reading.takenAt === undefined || isZonedTime(reading.takenAt), `takenAt is ${shown(reading.takenAt)}`);
    check(
      reading.notices.every((notice) => isText(notice)),
      'a notice is no text',
    );
    check(reading.facts.length > 0 || reading.notices.length > 0, 'it has neither facts nor notices');
    for (const fact of reading.facts) checkFact(fact);
    checkPlain(reading, 'reading', 0);
    return null;
  } catch (error) {
    if (error instanceof Broken) return error.message;
    throw error;
  }
}

class Broken extends Error {}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Broken(otherwise);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value).slice(0, 40);
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isOptionalText = (value: unknown): boolean => value === undefined || typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isAmount = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0;

function isZonedTime(text: string): boolean {
  return (
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/i.test(text) &&
    !Number.isNaN(Date.parse(text))
  );
}

function checkCounts(what: string, counts: Readonly<Record<string, unknown>>): void {
  for (const [name, count] of Object.entries(counts)) check(isCount(count), `${what} ${name} is ${shown(count)}`);
}

function checkFact(fact: Fact): void {
  check(factKinds.includes(fact.kind), `there is no fact ${shown(fact.kind)}`);
  switch (fact.kind) {
    case 'tests':
      return checkTests(fact);
    case 'coverage':
      return checkCoverage(fact);
    case 'mutation':
      return checkMutation(fact);
    case 'code-issues':
      return checkCodeIssues(fact);
    case 'security-issues':
      return checkSecurityIssues(fact);
    case 'vex':
      return checkVex(fact);
    case 'load':
      return checkLoad(fact);
    case 'review':
      return checkReview(fact);
    case 'measure':
      return checkMeasure(fact);
  }
}

function checkTests({ total, passed, failed, errored, skipped, flaky, durationSeconds, cases }: TestRun): void {
  checkCounts('tests', { total, passed, failed, errored, skipped, flaky });
  check(
    total === passed + failed + errored + skipped,
    `${total} tests are not ${passed} + ${failed} + ${errored} + ${skipped}`,
  );
  check(total > 0, 'there is no test');
  check(flaky <= passed, `${flaky} flaky tests of ${passed} that passed`);
  check(durationSeconds === null || isAmount(durationSeconds), `the duration is ${durationSeconds}`);
  check(cases.length <= itemLimit, `${cases.length} cases are listed`);
  const found = { failed: 0, errored: 0, flaky: 0 };
  for (const { name, outcome, message, file } of cases) {
    check(isText(name) && isOptionalText(message) && isOptionalText(file), `a case has no text: ${shown(name)}`);
    check(Object.hasOwn(found, outcome), `a case is ${shown(outcome)}`);
    found[outcome] += 1;
  }
  const counted = { failed, errored, flaky };
  for (const outcome of ['failed', 'errored', 'flaky'] as const)
    check(
      found[outcome] <= counted[outcome],
      `${found[outcome]} cases are ${outcome}, ${counted[outcome]} are counted`,
    );
}

function checkCount(what: string, count: Count | null): void {
  if (count === null) return;
  checkCounts(what, { part: count.part, whole: count.whole });
  check(count.part <= count.whole, `${what}: ${count.part} of ${count.whole}`);
}

function checkCoverage({ engine, lines, branches, functions, statements, files }: Coverage): void {
  check(isText(engine), 'the engine has no name');
  const totals = { lines, branches, functions, statements };
  for (const [name, count] of Object.entries(totals)) checkCount(name, count);
  check(
    Object.values(totals).some((count) => count !== null && count.whole > 0),
    'the coverage is of nothing',
  );
  for (const file of files) {
    check(typeof file.path === 'string', 'a covered file has no path');
    for (const name of ['lines', 'branches', 'functions'] as const) checkCount(`${name} of a file`, file[name]);
    if (file.hits) checkHits(file.hits, file.lines);
  }
}

function checkHits({ instrumented, covered }: LineHits, lines: Count | null): void {
  const uncovered = covered.findIndex((bits, index) => (bits & ~(instrumented[index] ?? 0)) !== 0);
  check(uncovered < 0, `covered lines at ${8 * uncovered} are not instrumented`);
  if (lines === null) return;
  const found = { part: onesIn(covered), whole: onesIn(instrumented) };
  check(
    found.part === lines.part && found.whole === lines.whole,
    `${found.part} of ${found.whole} lines are marked, ${lines.part} of ${lines.whole} are counted`,
  );
}

function onesIn(bits: Uint8Array): number {
  let ones = 0;
  for (const byte of bits) for (let rest = byte; rest > 0; rest &= rest - 1) ones += 1;
  return ones;
}

function checkMutation({ killed, timedOut, survived, noCoverage, excluded }: MutationRun): void {
  checkCounts('mutants', { killed, timedOut, survived, noCoverage, excluded });
  check(killed + timedOut + survived + noCoverage > 0, 'no mutant counts');
}

function checkSeverity(severity: unknown): void {
  check(
    severities.some((known) => known === severity),
    `the severity is ${shown(severity)}`,
  );
}

function checkLine(line: number | undefined): void {
  check(line === undefined || (Number.isSafeInteger(line) && line > 0), `a line is ${line}`);
}

function checkCodeIssues({ counts, suppressed, filesChecked, items }: CodeIssues): void {
  check(Object.keys(counts).toSorted().join() === severities.toSorted().join(), 'the counts are of other severities');
  checkCounts('issues', { ...counts, suppressed, filesChecked: filesChecked ?? 0 });
  check(items.length <= itemLimit, `${items.length} issues are listed`);
  const found: Record<string, number> = {};
  for (const { rule, severity, message, path, line } of items) {
    check(isText(rule), `a rule is ${shown(rule)}`);
    check(typeof message === 'string' && isOptionalText(path), `an issue has no text: ${shown(message)}`);
    checkSeverity(severity);
    checkLine(line);
    found[severity] = (found[severity] ?? 0) + 1;
  }
  for (const severity of severities)
    check(
      (found[severity] ?? 0) <= counts[severity],
      `${found[severity]} ${severity} issues, ${counts[severity]} are counted`,
    );
}

const scopes: readonly SecurityIssues['scope'][] = [
  'dependencies',
  'code',
  'container',
  'secrets',
  'configuration',
  'dynamic',
  'licenses',
];

function checkIds(ids: readonly string[]): void {
  check(ids.length > 0 && ids.every(isText), `the identifiers are ${shown(JSON.stringify(ids))}`);
}

function checkSecurityIssues({ scope, items, scanned }: SecurityIssues): void {
  check(scopes.includes(scope), `the scope is ${shown(scope)}`);
  check(scanned === null || isCount(scanned), `scanned is ${scanned}`);
  for (const { ids, severity, cvss, title, line, ...rest } of items) {
    checkIds(ids);
    checkSeverity(severity);
    check(cvss === null || (isAmount(cvss) && cvss <= 10), `a CVSS score is ${cvss}`);
    check(isText(title), `a title is ${shown(title)}`);
    checkLine(line);
    for (const key of ['component', 'componentVersion', 'fixedIn', 'path'] as const)
      check(isOptionalText(rest[key]), `${key} is ${shown(rest[key])}`);
    check(rest.suppressedBy === undefined || isText(rest.suppressedBy), 'a suppression has no reason');
  }
}

function checkVex({ statements }: VexStatements): void {
  for (const { ids, status, components, products, reason } of statements) {
    checkIds(ids);
    check(
      ['not_affected', 'affected', 'fixed', 'under_investigation'].includes(status),
      `a status is ${shown(status)}`,
    );
    check([...components, ...products].every(isText) && isOptionalText(reason), 'a statement has no text');
  }
}

function checkLoad({ requests, failed, durationSeconds, throughput, latencyMs, thresholds }: LoadRun): void {
  checkCounts('load', { requests, failed: failed ?? 0 });
  check(requests > 0, 'there is no request');
  check(failed === null || failed <= requests, `${failed} of ${requests} requests failed`);
  check(durationSeconds === null || isAmount(durationSeconds), `the duration is ${durationSeconds}`);
  check(throughput === null || isAmount(throughput), `the throughput is ${throughput}`);
  for (const [percentile, latency] of Object.entries(latencyMs)) {
    check(Number(percentile) >= 0 && Number(percentile) <= 100, `a percentile is ${shown(percentile)}`);
    check(isAmount(latency), `a latency is ${latency}`);
  }
  for (const { name, passed } of thresholds)
    check(typeof name === 'string' && typeof passed === 'boolean', `a threshold is ${shown(name)}`);
}

const verdicts: readonly Review['verdict'][] = ['approved', 'changes-requested', 'dismissed', 'commented', 'none'];

function checkReview({ of, change, reviews }: CodeReview): void {
  check(change !== null || reviews !== null, 'the review is of nothing');
  if (of) check(isText(of.id) && (of.project === null || isText(of.project)), 'a change has no name');
  if (change) check([change.author, change.head, ...change.contributors].every(isText), 'a change has no text');
  for (const { by, name, verdict, commit, at, bot } of reviews ?? []) {
    check(isText(by) && isOptionalText(name), 'a review is by nobody');
    check(verdicts.includes(verdict), `a verdict is ${shown(verdict)}`);
    check(commit === null || typeof commit === 'string', 'a reviewed commit is no text');
    check(at === undefined || isZonedTime(at), `a review is of ${shown(at)}`);
    check(typeof bot === 'boolean', 'a reviewer is neither a bot nor none');
  }
}

function checkMeasure({ metric, value }: Measure): void {
  check(isText(metric), 'a metric has no name');
  check(typeof value === 'number' && Number.isFinite(value), `${metric} is ${value}`);
}

const plain: ReadonlySet<unknown> = new Set([Object.prototype, Array.prototype, Uint8Array.prototype, null]);

/** Data only: no object with a foreign prototype, no function, no number that is none. */
function checkPlain(value: unknown, where: string, depth: number): void {
  check(depth < 12, `${where} is nested deeply`);
  if (typeof value === 'number') check(Number.isFinite(value), `${where} is ${value}`);
  check(!['function', 'symbol', 'bigint'].includes(typeof value), `${where} is a ${typeof value}`);
  if (typeof value !== 'object' || value === null) return;
  check(plain.has(Object.getPrototypeOf(value)), `${where} has a prototype of its own`);
  if (value instanceof Uint8Array) return;
  if (Array.isArray(value)) for (const item of value) checkPlain(item, where, depth + 1);
  else for (const key of Object.keys(value)) checkPlain((value as Record<string, unknown>)[key], key, depth + 1);
}
