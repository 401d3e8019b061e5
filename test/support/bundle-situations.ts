import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Assessment } from '../../src/core/decision/assessment.ts';
import { as, oneApproval, shopWith } from './approving-shop.ts';
import { version } from './bundles.ts';
import { aqe } from './cli.ts';
import { GitRepository, temporaryFolder } from './git-repository.ts';
import { junit, project, reportPaths, type Project } from './project.ts';

export interface Situation {
  readonly make: () => Project | Promise<Project>;
  readonly assess?: readonly string[];
  readonly bundle?: readonly string[];
  /** What happens between the decision and the bundle. */
  readonly after?: (shop: Project) => unknown;
  /** What the decision has to show, so that the situation is what it says. */
  readonly shows: (assessment: Assessment) => unknown;
}

export const poor = { coverage: { lines: [60, 100], branches: [60, 100] } } as const;
const made =
  (shape: Parameters<typeof project>[0], change: (shop: Project) => unknown = () => undefined) =>
  async () => {
    const shop = project(shape);
    await change(shop);
    return shop;
  };
const stamp = ({ root }: Project, ...files: readonly string[]) => aqe(root, ['deploy', 'evidence', 'stamp', ...files]);
let releases = 0;
const said = (shop: Project, outcome: string) => {
  releases += 1;
  return aqe(shop.root, ['record', '--version', `v1.0.${releases}`, '--outcome', outcome]);
};
const stateOf = (path: string) => (each: Assessment) => each.evidence.find((one) => one.path === path)?.state;
export const gatesOf = (limits: string, more = ''): string =>
  `service: shop\n${more}deployment_gates:\n  mandatory_gates:\n    one: { ${limits}, enforcement: BLOCKING }\n`;

function shallow(of: Project): Project {
  const root = temporaryFolder();
  of.repository.git('clone', '--quiet', '--depth=1', '--no-tags', `file://${of.root}`, root);
  execFileSync('cp', ['-r', join(of.root, 'reports'), root]);
  return { ...of, root, repository: new GitRepository(root, null) };
}

async function approved(): Promise<Project> {
  const shop = shopWith(oneApproval);
  await as(null, shop, 'assess');
  await as('bob', shop, 'approve', '--comment', 'looked at it and it is fine');
  return shop;
}

async function overridden(): Promise<Project> {
  const shop = shopWith('', poor);
  const why = ['--gate', 'test_coverage', '--justification', 'generated code, see issue 812'];
  await as(null, shop, 'assess');
  for (const name of ['bob', 'cyd'] as const) await as(name, shop, 'override', ...why);
  return shop;
}

export const situations: Readonly<Record<string, Situation>> = {
  'everything good': {
    make: made({}),
    shows: ({ status }) => status === 'APPROVED_WITH_WARNINGS' || status === 'APPROVED',
  },
  'a failed test': { make: made({ tests: { passed: 3, failed: 1 } }), shows: ({ decision }) => decision === 'BLOCKED' },
  'no tests': { make: made({ tests: null }), shows: ({ decision }) => decision === 'INCONCLUSIVE' },
  'stale evidence': {
    make: made({}, (shop) => shop.touch(reportPaths.tests, '2020-01-01T00:00:00Z')),
    shows: (each) => stateOf(reportPaths.tests)(each) === 'stale',
  },
  'unreadable evidence': {
    make: made({}, (shop) => shop.write(reportPaths.tests, '<testsuites><testsuite')),
    shows: (each) => stateOf(reportPaths.tests)(each) === 'unreadable',
  },
  'evidence that is too big': {
    make: made({ config: 'service: shop\nevidence: { limits: { max_bytes: 2000 } }\n' }),
    shows: (each) => stateOf(reportPaths.tests)(each) === 'unreadable',
  },
  'evidence behind a link that leads nowhere': {
    make: made({}, ({ root }) => execFileSync('ln', ['-s', '/nowhere', join(root, 'reports/coverage.xml')])),
    shows: ({ evidence, ignored }) => [...evidence, ...ignored].some(({ path }) => path === 'reports/coverage.xml'),
  },
  'files that no reader knows': {
    make: made({}, (shop) => shop.write('reports/notes.json', '{"nothing":"that a reader knows"}\n')),
    shows: ({ ignored }) => ignored.some(({ path }) => path === 'reports/notes.json'),
  },
  'expected evidence that is missing': {
    make: made({ config: 'service: shop\nevidence:\n  files: [{ path: reports/zap.json, format: zap }]\n' }),
    shows: (each) => stateOf('reports/zap.json')(each) === 'missing',
  },
  'stamped evidence': {
    make: made({}, (shop) => stamp(shop, ...Object.values(reportPaths))),
    shows: ({ evidence }) => evidence.every(({ boundBy }) => boundBy === 'sidecar'),
  },
  'evidence stamped for another commit of the same sources': {
    make: made({}, async (shop) => {
      await stamp(shop, ...Object.values(reportPaths));
      shop.repository.git('commit', '--amend', '--quiet', '-m', 'feat: another name');
    }),
    shows: ({ evidence }) => evidence.every(({ state }) => state === 'measured'),
  },
  'evidence that changed since it was stamped': {
    make: made({}, async (shop) => {
      await stamp(shop, reportPaths.tests);
      shop.write(reportPaths.tests, junit({ passed: 2 }));
    }),
    shows: (each) => stateOf(reportPaths.tests)(each) === 'stale',
  },
  'stamped evidence that is gone': {
    make: made({}, async (shop) => {
      await stamp(shop, reportPaths.tests);
      shop.remove(reportPaths.tests);
    }),
    shows: (each) => stateOf(reportPaths.tests)(each) === 'missing',
  },
  'a sidecar that is broken': {
    make: made({}, (shop) => shop.write('reports/aqe-evidence.json', '{"schemaVersion":')),
    shows: ({ ignored }) => ignored.some(({ path }) => path === 'reports/aqe-evidence.json'),
  },
  'a sidecar that cannot be opened': {
    make: made({}, ({ root }) => execFileSync('mkfifo', [join(root, 'reports/aqe-evidence.json')])),
    shows: ({ ignored }) => ignored.some(({ path }) => path === 'reports/aqe-evidence.json'),
  },
  'evidence that is kept in git': {
    make: made({ tests: null }, (shop) => {
      shop.write('test-results.xml', junit({ passed: 3 }));
      shop.repository.commit('test: results');
    }),
    shows: ({ evidence }) => evidence.some(({ boundBy }) => boundBy === 'history'),
  },
  'a mapped report': {
    make: made(
      {
        audit: null,
        config: `service: shop\nevidence:\n  mappings:\n    ours:\n      type: csv\n      files: [audit.csv]\n      metrics:\n        - { metric: critical_vulnerabilities, column: id, where: { level: critical }, aggregate: count, zero_if: level }\n`,
      },
      (shop) => shop.write('audit.csv', 'id,level\nA-1,low\n'),
    ),
    shows: (each) => stateOf('audit.csv')(each) === 'measured',
  },
  'a statement about a vulnerability': {
    make: made({ audit: { high: 1 } }, (shop) =>
      shop.write(
        'reports/openvex.json',
        JSON.stringify({
          '@context': 'https://openvex.dev/ns/v0.2.0',
          '@id': 'https://openvex.example.com/1',
          author: 'Shop',
          timestamp: '2026-01-10T00:00:00Z',
          version: 1,
          statements: [
            {
              vulnerability: { name: 'CVE-2025-90001' },
              products: [{ '@id': 'pkg:npm/package-0' }],
              status: 'not_affected',
              justification: 'component_not_present',
            },
          ],
        }),
      ),
    ),
    shows: (each) => each.evidence.some(({ format }) => format === 'openvex'),
  },
  'outcomes of earlier releases, and one that came later': {
    make: made({}, async (shop) => {
      for (const outcome of ['success', 'rolled-back', 'success', 'success', 'failed', 'success'] as const)
        await said(shop, outcome);
    }),
    after: (shop) => said(shop, 'hotfixed'),
    shows: ({ confidence }) => confidence.learnedFrom.deployments === 6,
  },
  'no repository': { make: made({ history: 'none' }), shows: ({ change }) => change === null },
  'a shallow clone': {
    make: () => shallow(project()),
    shows: ({ change }) => change?.historyComplete === false,
  },
  'a fast-track with debts': {
    make: made(poor, ({ root }) =>
      aqe(root, ['assess', '--version', 'v2.4.9', '--priority', 'critical', '--fast-track']),
    ),
    assess: ['--priority', 'critical', '--fast-track'],
    shows: ({ fastTrack, debts }) => fastTrack !== null && debts.some(({ version: of }) => of === 'v2.4.9'),
  },
  'items that somebody attested': {
    make: made({}, ({ root }) =>
      aqe(root, [
        'checklist',
        '--version',
        version,
        '--attest',
        'monitoring',
        '--by',
        'ada@example.com',
        '--note',
        'on call is there',
      ]),
    ),
    shows: ({ checklist }) => checklist.items.some(({ id, status }) => id === 'monitoring' && status !== 'unknown'),
  },
  'an approval': {
    make: approved,
    shows: ({ approvals }) => approvals.requirements.some(({ agreed }) => agreed.length > 0),
  },
  'an override': {
    make: overridden,
    shows: ({ approvals }) => approvals.overrides.some(({ opened }) => opened !== null),
  },
  'an approval that is missing': {
    make: () => shopWith(oneApproval),
    after: (shop) => as('bob', shop, 'approve', '--comment', 'after the decision'),
    shows: ({ decision }) => decision === 'PENDING_APPROVAL',
  },
  'an artifact': {
    make: () => project(),
    assess: ['--artifact', `sha256:${'4f'.repeat(32)}`],
    shows: ({ artifact }) => artifact?.startsWith('sha256:4f4f') === true,
  },
  'a freeze of a region': {
    make: made({
      config: `service: shop\nfreezes:\n  - { name: Always, regions: [eu], zone: Europe/Berlin, start: 2020-01-01T00:00, end: 2090-01-01T00:00 }\n`,
    }),
    assess: ['--region', 'eu'],
    shows: ({ freezes, region }) => freezes.length === 1 && region === 'eu',
  },
  'limits on new code': {
    make: made({ config: gatesOf('min_line_coverage: { limit: 80, on: new_code }') }),
    shows: ({ signals }) => signals.new_line_coverage !== undefined,
  },
  'limits against earlier releases': {
    make: made({}, async ({ root, write }) => {
      for (const earlier of ['v2.4.8', 'v2.4.9']) await aqe(root, ['assess', '--version', earlier]);
      write('aqe-deploy.yaml', gatesOf('min_line_coverage: { change: ">= -0.5" }'));
    }),
    after: ({ root }) => aqe(root, ['assess', '--version', 'v2.6.0']),
    shows: ({ comparedWith }) => comparedWith[0]?.version === 'v2.4.9',
  },
  'a policy from a revision': {
    make: made({}, ({ repository, write }) => {
      repository.git('checkout', '--quiet', '-b', 'feature');
      write('aqe-deploy.yaml', 'mode: shadow\n');
    }),
    assess: ['--policy-ref', 'main'],
    bundle: ['--policy-ref', 'main'],
    shows: ({ policySource }) => policySource.ref === 'main',
  },
  'a policy that the release changes': {
    make: made({ config: gatesOf('max_failed_tests: 0') }, ({ repository, write }) => {
      write('aqe-deploy.yaml', gatesOf('max_failed_tests: 5'));
      repository.commit('feat: live with it');
    }),
    shows: ({ policyChange }) => policyChange?.kind === 'changed',
  },
  'a policy whose earlier state cannot be read': {
    make: made({ config: gatesOf('max_failed_tests: 0') }, ({ repository, write }) => {
      write('aqe-deploy.yaml', 'mode: [\n');
      repository.commit('feat: broken');
      repository.git('tag', 'v2.4.5');
      write('aqe-deploy.yaml', gatesOf('max_failed_tests: 0'));
      repository.commit('fix: repaired');
    }),
    shows: ({ policyChange }) => policyChange?.kind === 'unknown',
  },
  'a policy in the work tree that is not committed': {
    make: made({}, (shop) => shop.write('aqe-deploy.yaml', 'service: shop\nmode: shadow\n')),
    shows: ({ policyChange, shadow }) => policyChange?.kind === 'uncommitted' && shadow !== null,
  },
  'a tag that moved on': {
    make: made({}, ({ repository }) => repository.git('tag', version)),
    after: ({ repository }) => {
      repository.commit('feat: later');
      repository.git('tag', '--force', version);
    },
    shows: ({ change }) => change?.head.from === 'tag',
  },
  'a branch that moved on, and a tag that came': {
    make: made({}),
    after: ({ repository, write }) => {
      write('src/later.ts', 'export const later = true;\n');
      repository.commit('feat: later');
      repository.git('tag', version);
    },
    shows: ({ change }) => change?.head.from === 'head',
  },
  'a revision and a baseline that were named': {
    make: made({}, ({ repository }) => repository.git('branch', 'release')),
    assess: ['--revision', 'release', '--baseline', 'v2.4.0'],
    after: ({ repository }) => {
      repository.commit('feat: later');
      repository.git('branch', '--force', 'release', 'HEAD');
      repository.git('tag', 'v2.4.7', 'HEAD~1');
    },
    shows: ({ change }) => change?.head.from === 'revision' && change.baseline?.ref === 'v2.4.0',
  },
  'warnings that are strict': {
    make: made({ coverage: { lines: [96, 100], branches: [60, 100] }, lint: { warnings: 400 } }),
    assess: ['--strict'],
    shows: ({ exitCode }) => exitCode !== 0,
  },
  'names of all kinds': {
    make: made({}, (shop) => {
      shop.write('reports/prüfung ☂/junit.xml', junit({ passed: 1 }));
      shop.write(`reports/${'very-long/'.repeat(20)}junit-of-the-whole.xml`, junit({ passed: 1 }));
    }),
    shows: ({ evidence }) => evidence.filter(({ format }) => format === 'junit').length >= 3,
  },
};
