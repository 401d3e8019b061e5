import { cpSync, existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GitRepository, temporaryFolder } from './git-repository.ts';

type Ratio = readonly [part: number, whole: number];

/** What the reports of a project say; null for a tool that left no report. */
export interface ProjectShape {
  readonly tests: { readonly passed: number; readonly failed?: number; readonly skipped?: number } | null;
  /** Covered and all lines, covered and all branches. */
  readonly coverage: { readonly lines: Ratio; readonly branches: Ratio } | null;
  /** Killed and all mutants. */
  readonly mutants: Ratio | null;
  readonly lint: { readonly errors?: number; readonly warnings?: number } | null;
  readonly audit: Readonly<Partial<Record<'critical' | 'high' | 'moderate' | 'low', number>>> | null;
  readonly load: { readonly p95: number; readonly perSecond: number; readonly failed: Ratio } | null;
  /** Text of aqe-deploy.yaml. */
  readonly config: string | null;
  /** Lines that the release adds to src/. */
  readonly changed: number;
  /** `full`: the release v2.4.0 and one commit after it; `none`: no repository. */
  readonly history: 'full' | 'none';
  readonly runbook: boolean;
  readonly commitMessage: string;
}

/** Every gate that evidence can open is open. */
export const good: ProjectShape = {
  tests: { passed: 120 },
  coverage: { lines: [96, 100], branches: [92, 100] },
  mutants: [90, 100],
  lint: { warnings: 1 },
  audit: {},
  load: { p95: 180, perSecond: 2400, failed: [3, 72_000] },
  config: 'service: shop\n',
  changed: 20,
  history: 'full',
  runbook: true,
  commitMessage: 'feat: gift cards',
};

export const reportPaths = {
  tests: 'reports/junit.xml',
  coverage: 'reports/lcov.info',
  mutants: 'reports/mutation.json',
  lint: 'reports/eslint.json',
  audit: 'reports/npm-audit.json',
  load: 'reports/k6-summary.json',
} as const;

export interface Project {
  readonly root: string;
  /** Throws for a project without history. */
  readonly repository: GitRepository;
  write(path: string, text: string | Uint8Array): void;
  remove(path: string): void;
  /** Sets the time at which a file was written last. */
  touch(path: string, time: string): void;
}

/**
 * A project in a temporary folder with the reports of real tools' shapes and chosen numbers. Commits have fixed names and
 * times, so two projects of one shape have the same commits. Call `removeTemporaryFolders` in `afterAll`.
 */
export function project(over: Partial<ProjectShape> = {}): Project {
  const shape = { ...good, ...over };
  const root = temporaryFolder();
  cpSync(sourcesOf(shape), root, { recursive: true });
  const made = projectAt(root, shape.history === 'none' ? null : new GitRepository(root, null));
  for (const [path, text] of Object.entries(reportsOf(shape))) made.write(path, text);
  return made;
}

const madeSources = new Map<string, string>();

/** Folder with sources and history of a shape, made once: most projects of a test differ in their reports only. */
function sourcesOf({ config, changed, history, runbook, commitMessage }: ProjectShape): string {
  const key = JSON.stringify([config, changed, history, runbook, commitMessage]);
  const known = madeSources.get(key);
  if (known !== undefined && existsSync(known)) return known;
  const root = temporaryFolder();
  madeSources.set(key, root);
  const made = projectAt(root, history === 'none' ? null : new GitRepository(root, ['--template=']));
  made.write('.gitignore', 'reports/\n.agentic-qe/\n');
  made.write('package.json', '{"name":"shop"}\n');
  made.write('src/shop.ts', lines(2000, 'shop'));
  made.write('CHANGELOG.md', '# Changelog\n\n## 2.4.0\n\n- Shop.\n');
  if (runbook) made.write('docs/runbooks/rollback.md', '# Roll back\n');
  if (config !== null) made.write('aqe-deploy.yaml', config);
  if (history === 'none') return root;
  made.repository.commit('feat: a shop');
  made.repository.git('tag', 'v2.4.0');
  made.write('src/gift-cards.ts', lines(changed, 'card'));
  made.write('CHANGELOG.md', '# Changelog\n\n## 2.5.0\n\n- Gift cards.\n\n## 2.4.0\n\n- Shop.\n');
  made.repository.commit(commitMessage);
  return root;
}

function projectAt(root: string, repository: GitRepository | null): Project {
  return {
    root,
    get repository() {
      if (repository === null) throw new Error('the project has no history');
      return repository;
    },
    write(path, text) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    remove: (path) => rmSync(join(root, path), { recursive: true }),
    touch: (path, time) => utimesSync(join(root, path), new Date(time), new Date(time)),
  };
}

/** An empty folder. */
export function emptyProject(): Project {
  return projectAt(temporaryFolder(), null);
}

/** Reports by path. */
export function reportsOf(shape: ProjectShape): Readonly<Record<string, string>> {
  const { tests, coverage, mutants, lint, audit, load } = shape;
  return {
    ...(tests && { [reportPaths.tests]: junit(tests) }),
    ...(coverage && { [reportPaths.coverage]: lcov(coverage) }),
    ...(mutants && { [reportPaths.mutants]: stryker(mutants) }),
    ...(lint && { [reportPaths.lint]: eslint(lint) }),
    ...(audit && { [reportPaths.audit]: npmAudit(audit) }),
    ...(load && { [reportPaths.load]: k6(load) }),
  };
}

function lines(count: number, word: string): string {
  return times(count, (index) => `export const ${word}${index} = ${index};\n`).join('');
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

export function junit({ passed, failed = 0, skipped = 0 }: NonNullable<ProjectShape['tests']>): string {
  const cases = [
    ...times(passed, (index) => `<testcase classname="shop" name="sells ${index}" time="0.01"/>`),
    ...times(
      failed,
      (index) => `<testcase classname="shop" name="refunds ${index}"><failure message="no refund"/></testcase>`,
    ),
    ...times(skipped, (index) => `<testcase classname="shop" name="later ${index}"><skipped/></testcase>`),
  ];
  const totals = `tests="${cases.length}" failures="${failed}" errors="0" skipped="${skipped}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${totals}>\n<testsuite name="shop" ${totals}>\n${cases.join('\n')}\n</testsuite>\n</testsuites>\n`;
}

function lcov({ lines: [hit, found], branches }: NonNullable<ProjectShape['coverage']>): string {
  const records = times(found, (index) => `DA:${index + 1},${index < hit ? 1 : 0}\n`);
  const arms = times(branches[1], (index) => `BRDA:${index + 1},0,0,${index < branches[0] ? 1 : 0}\n`);
  return `TN:\nSF:src/shop.ts\n${arms.join('')}BRF:${branches[1]}\nBRH:${branches[0]}\n${records.join('')}LF:${found}\nLH:${hit}\nend_of_record\n`;
}

function stryker([killed, all]: Ratio): string {
  const location = { start: { line: 1, column: 1 }, end: { line: 1, column: 2 } };
  const mutants = times(all, (index) => ({
    id: String(index),
    mutatorName: 'BooleanLiteral',
    status: index < killed ? 'Killed' : 'Survived',
    location,
  }));
  const files = { 'src/shop.ts': { language: 'typescript', source: '', mutants } };
  return JSON.stringify({ schemaVersion: '1.0', thresholds: { high: 80, low: 60 }, files });
}

function eslint({ errors = 0, warnings = 0 }: NonNullable<ProjectShape['lint']>): string {
  const messages = [
    ...times(errors, (index) => ({ ruleId: 'no-undef', severity: 2, message: 'not defined', line: index + 1 })),
    ...times(warnings, (index) => ({ ruleId: 'no-shadow', severity: 1, message: 'shadowed', line: index + 1 })),
  ];
  return JSON.stringify([{ filePath: 'src/shop.ts', messages, errorCount: errors, warningCount: warnings }]);
}

/** `titles` become the titles of the advisories, in turn. */
export function npmAudit(
  counts: NonNullable<ProjectShape['audit']>,
  titles: readonly string[] = ['Path escape'],
): string {
  const advisories = Object.entries(counts).flatMap(([severity, count]) => times(count ?? 0, () => severity));
  const vulnerabilities = Object.fromEntries(
    advisories.map((severity, index) => {
      const name = `package-${index}`;
      const title = titles[index % titles.length];
      const url = `https://advisories.example.test/${index}`;
      return [
        name,
        { name, severity, via: [{ source: 1000 + index, name, title, url, severity }], fixAvailable: true },
      ];
    }),
  );
  return JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities,
    metadata: { vulnerabilities: { info: 0, low: 0, moderate: 0, high: 0, critical: 0, ...counts } },
  });
}

function k6({ p95, perSecond, failed: [failed, all] }: NonNullable<ProjectShape['load']>): string {
  const duration = { avg: p95 / 2, min: 1, med: p95 / 2, max: 2 * p95, 'p(90)': p95, 'p(95)': p95, 'p(99)': p95 };
  return JSON.stringify({
    root_group: { name: '', path: '', id: 'd41d8cd98f00b204e9800998ecf8427e', groups: [], checks: [] },
    state: { testRunDurationMs: (1000 * all) / perSecond },
    metrics: {
      http_reqs: { type: 'counter', contains: 'default', values: { count: all, rate: perSecond } },
      http_req_duration: { type: 'trend', contains: 'time', values: duration },
      http_req_failed: {
        type: 'rate',
        contains: 'default',
        values: { rate: failed / all, passes: failed, fails: all - failed },
      },
    },
  });
}
