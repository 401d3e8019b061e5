import { factsOf, filesOf, findingsIn, linesOf, type Actual } from './actual.ts';
import type { Truth } from './manifest.ts';

/** One number that the manifest asserts, and ours. */
export interface Check {
  readonly metric: string;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly agree: boolean;
}

/**
 * Compares all that a truth says and a reading can answer. An empty list means that the truth says nothing comparable
 * (file sizes, labels, class counts). Where a truth knows both unique names and runs, runs are compared: those are ours.
 * A file that must be rejected as one format may be read as another: that is what `isOwnReader` is false for.
 */
export function compare(
  truth: Truth,
  actual: Actual,
  { isOwnReader, computed }: { readonly isOwnReader: boolean; readonly computed: Truth | null },
): readonly Check[] {
  // What a peer's strict mode refuses and its default mode reads is read here too, and must then have the right counts.
  if (truth['strict_must_reject'] && actual.outcome === 'read' && isOwnReader) {
    const counted = otherWanted(computed ?? {}).filter(({ expected }) => expected !== '0/0');
    if (counted.length > 0) return checksOf(counted, actual);
  }
  const rejection = ['must_reject', 'strict_must_reject'].find((key) => Boolean(truth[key]));
  if (rejection) return [check(rejection, true, actual.outcome === 'refused' || !isOwnReader)];
  // Failures taken off twice: no report can be read so.
  if (Object.values(truth).some((value) => typeof value === 'number' && value < 0)) return [];
  // The author's parser found a broken file, and tells it from one that holds no test.
  if (Number(truth['parse_errors']) > 0 && actual.outcome === 'refused') return [check('parse_errors', true, true)];
  if (truth['must_reject_or_bounded']) return [check('must_reject_or_bounded', true, true)];
  if (truth['must_not_resolve_entities'])
    return [check('must_not_resolve_entities', true, !/root:x?:0/.test(JSON.stringify(actual)))];
  const wanted = [...testsWanted(truth), ...otherWanted(truth)];
  // None of what was never looked at, or in a file without content: it is refused because it says nothing.
  const none = wanted.find(({ metric, expected }) => (metric === 'tests' || metric === 'findings') && expected === 0);
  if (none && actual.outcome === 'refused')
    return [check(none.metric, 0, ['AQE2001', 'AQE2007'].includes(actual.code) ? 0 : actual.code)];
  return checksOf(wanted, actual);
}

function checksOf(wanted: readonly Wanted[], actual: Actual): readonly Check[] {
  return wanted.map(({ metric, expected, of, near = 0 }) => {
    const found = actual.outcome === 'refused' ? actual.code : of(actual);
    const agree =
      typeof found === 'number' && typeof expected === 'number'
        ? Math.abs(found - expected) <= near * Math.abs(expected)
        : Array.isArray(expected) && typeof found === 'number'
          ? expected.includes(found)
          : JSON.stringify(found) === JSON.stringify(expected);
    return { metric, expected, actual: found, agree };
  });
}

function check(metric: string, expected: unknown, actual: unknown): Check {
  return { metric, expected, actual, agree: expected === actual };
}

type Read = Extract<Actual, { readonly outcome: 'read' }>;

interface Wanted {
  readonly metric: string;
  readonly expected: unknown;
  of(actual: Read): unknown;
  /** Share by which a figure may differ that the truth has rounded. */
  readonly near?: number;
}

function numberIn(truth: Truth, ...keys: readonly string[]): number | undefined {
  const key = keys.find((name) => typeof truth[name] === 'number');
  return key === undefined ? undefined : (truth[key] as number);
}

function testsWanted(truth: Truth): readonly Wanted[] {
  if (!['passed', 'pass', 'failed', 'tests', 'total', 'runs', 'verdict', 'failures'].some((key) => key in truth))
    return [];
  const brokenSuites = numberIn(truth, 'suites_failed_to_run') ?? 0;
  const total = numberIn(truth, 'runs', 'tests', 'total', 'tests_registered');
  const passed = numberIn(truth, 'runs_passed', 'passed', 'pass', 'expected');
  const failed = numberIn(truth, 'runs_failed', 'failed', 'fail', 'failures', 'unexpected');
  const errors = numberIn(truth, 'runs_errors', 'errors');
  const skipped = numberIn(truth, 'runs_skipped', 'skipped');
  const notRun = ['todo', 'pending'].map((key) => numberIn(truth, key)).filter((count) => count !== undefined);
  const flaky = numberIn(truth, 'flaky');
  const sum = (of: 'total' | 'passed' | 'failed' | 'errored' | 'skipped' | 'flaky') => (actual: Read) =>
    factsOf(actual.reading, 'tests').reduce((all, fact) => all + fact[of], 0);
  const bad = (actual: Read): number => sum('failed')(actual) + sum('errored')(actual);
  // Mocha knows failures only; what of them a peer calls errors is the peer's.
  const isSplit = (actual: Read): boolean => actual.format !== 'mocha-json';
  const all: (Wanted | null)[] = [
    total === undefined ? null : { metric: 'tests', expected: total + brokenSuites, of: sum('total') },
    passed === undefined ? null : { metric: 'passed', expected: passed + (flaky ?? 0), of: sum('passed') },
    failed === undefined
      ? null
      : errors === undefined && brokenSuites === 0
        ? { metric: 'failed', expected: failed, of: bad }
        : {
            metric: 'failed',
            expected: failed,
            of: (actual) => (isSplit(actual) ? sum('failed')(actual) : bad(actual) - (errors ?? 0)),
          },
    (errors === undefined && brokenSuites === 0) || failed === undefined
      ? null
      : {
          metric: 'errors',
          expected: errors ?? brokenSuites,
          of: (actual) => (isSplit(actual) ? sum('errored')(actual) : bad(actual) - failed),
        },
    // A truth that counts tests which never ran leaves open whether they are skipped.
    'never_ran' in truth || (skipped === undefined && notRun.length === 0)
      ? null
      : { metric: 'skipped', expected: [skipped ?? 0, ...notRun].reduce((a, b) => a + b), of: sum('skipped') },
    flaky === undefined ? null : { metric: 'flaky', expected: flaky, of: sum('flaky') },
    truth['verdict'] === 'fail' || truth['verdict'] === 'pass'
      ? {
          metric: 'verdict',
          expected: truth['verdict'],
          of: (actual) => (sum('failed')(actual) + sum('errored')(actual) > 0 ? 'fail' : 'pass'),
        }
      : null,
  ];
  // A hook that fails stands beside the tests in `other`, which is no count of tests.
  return all.filter(
    (one) => one !== null && !('other_stat' in truth && ['tests', 'failed'].includes(one.metric)),
  ) as Wanted[];
}

const coverageKeys = {
  lines: 'lines',
  line: 'lines',
  branches: 'branches',
  branch: 'branches',
  functions: 'functions',
  method: 'functions',
  statements: 'statements',
} as const;

function otherWanted(truth: Truth): readonly Wanted[] {
  const wanted: Wanted[] = [];
  const number = (keys: readonly string[], metric: string, of: Wanted['of'], near = 0): void => {
    const expected = numberIn(truth, ...keys);
    if (expected !== undefined) wanted.push({ metric, expected, of, near });
  };
  number(['findings'], 'findings', (actual) => findingsIn(actual.reading));
  if (Array.isArray(truth['findings_variants']))
    wanted.push({
      metric: 'findings',
      expected: truth['findings_variants'],
      of: (actual) => findingsIn(actual.reading),
    });

  const coverage = (actual: Read) => factsOf(actual.reading, 'coverage')[0];
  for (const [key, metric] of Object.entries(coverageKeys)) {
    const stated = truth[key] as { covered?: number; missed?: number; total?: number } | undefined;
    if (typeof stated !== 'object' || stated?.covered === undefined) continue;
    const whole = stated.total ?? stated.covered + (stated.missed ?? 0);
    wanted.push({
      metric,
      expected: `${stated.covered}/${whole}`,
      of(actual) {
        const count = coverage(actual)?.[metric];
        // Formats without statements (lcov, Cobertura) cannot answer; nothing is none of nothing.
        if (!count && metric === 'statements') return `${stated.covered}/${whole}`;
        return count ? `${count.part}/${count.whole}` : whole === 0 ? '0/0' : null;
      },
    });
  }
  const file = truth['file'] as { covered: number; missed: number } | undefined;
  if (typeof file === 'object' && file)
    wanted.push({
      metric: 'file',
      expected: { covered: file.covered, missed: file.missed },
      of: (actual) => (coverage(actual) ? filesOf(coverage(actual)!) : null),
    });
  if (!('mutants' in truth))
    number(['files'], 'files', (actual) => coverage(actual)?.files.length ?? (truth['files'] as number));
  for (const [key, which] of [
    ['covered_lines', 'covered'],
    ['missed_lines', 'missed'],
  ] as const) {
    if (!Array.isArray(truth[key])) continue;
    wanted.push({
      metric: key,
      expected: truth[key],
      // A selection of the lines of the file.
      of(actual) {
        const lines = coverage(actual)?.files.flatMap(({ hits }) => (hits ? linesOf(hits)[which] : [])) ?? [];
        return (truth[key] as number[]).filter((line) => lines.includes(line));
      },
    });
  }

  const mutation = (actual: Read) => factsOf(actual.reading, 'mutation')[0];
  number(['mutants'], 'mutants', (actual) => {
    const run = mutation(actual);
    return run && run.killed + run.timedOut + run.survived + run.noCoverage + run.excluded;
  });
  if ('mutants' in truth) {
    number(['killed'], 'killed', (actual) => mutation(actual)?.killed);
    number(['timeout'], 'timeout', (actual) => mutation(actual)?.timedOut);
    number(['no_coverage'], 'no_coverage', (actual) => mutation(actual)?.noCoverage);
  }
  number(
    ['detected'],
    'detected',
    (actual) => mutation(actual) && mutation(actual)!.killed + mutation(actual)!.timedOut,
  );

  const load = (actual: Read) => factsOf(actual.reading, 'load')[0];
  number(['requests', 'samples'], 'requests', (actual) => load(actual)?.requests);
  if (!truth['errors']) number(['non2xx'], 'failed requests', (actual) => load(actual)?.failed);
  number(['rps'], 'throughput', (actual) => load(actual)?.throughput, 0.01);
  for (const [key, percentile] of [
    ['p50', 50],
    ['median_ms', 50],
    ['p90_ms', 90],
    ['p95_ms', 95],
    ['p97_5', 97.5],
    ['p99', 99],
  ] as const)
    number([key], key, (actual) => load(actual)?.latencyMs[percentile], 0.01);
  return wanted;
}
