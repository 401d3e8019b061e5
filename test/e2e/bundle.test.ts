import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/open.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { readEntry } from '../../src/core/audit/chain.ts';
import type { Assessment } from '../../src/core/decision/assessment.ts';
import { as, oneApproval, shopWith } from '../support/approving-shop.ts';
import { first, second } from '../support/attest.ts';
import { again, bundleOf, version } from '../support/bundles.ts';
import { aqe, aqeProcess, aqeWith, databaseOf, json } from '../support/cli.ts';
import { GitRepository, removeTemporaryFolders, temporaryFolder } from '../support/git-repository.ts';
import { npmAudit, junit, project, reportPaths, type Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

interface Situation {
  readonly make: () => Project | Promise<Project>;
  readonly assess?: readonly string[];
  readonly bundle?: readonly string[];
  /** What happens between the decision and the bundle. */
  readonly after?: (shop: Project) => unknown;
  /** What the decision has to show, so that the situation is what it says. */
  readonly shows: (assessment: Assessment) => unknown;
}

const poor = { coverage: { lines: [60, 100], branches: [60, 100] } } as const;
const made =
  (shape: Parameters<typeof project>[0], change: (shop: Project) => unknown = () => undefined) =>
  async () => {
    const shop = project(shape);
    await change(shop);
    return shop;
  };
const stamp = ({ root }: Project, ...files: readonly string[]) => aqe(root, ['deploy', 'evidence', 'stamp', ...files]);
const stateOf = (path: string) => (each: Assessment) => each.evidence.find((one) => one.path === path)?.state;
const gatesOf = (limits: string, more = ''): string =>
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

const situations: Readonly<Record<string, Situation>> = {
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

describe('the decision of a bundle is made again with the same bytes, with', () => {
  test.each(Object.entries(situations))('%s', async (_, { make, assess, bundle, after, shows }) => {
    const shop = await make();

    const { assessed, bundled, file } = await bundleOf(
      shop,
      { ...(assess && { assess }), ...(bundle && { bundle }) },
      () => after?.(shop),
    );
    const { code, out, err } = await again(shop, file);

    expect(shows(json<Assessment>(assessed)), assessed.out).toBe(true);
    expect(bundled.err + bundled.out).toContain('wrote');
    expect(err).toContain('the same bytes as on');
    expect(out).toBe(assessed.out);
    expect(code).toBe(assessed.code);
  });
});

test('nothing but the program and the bundle is needed', async () => {
  const shop = project();
  const { assessed, file } = await bundleOf(shop);

  const { code, out } = aqeProcess(temporaryFolder(), ['assess', '--bundle', file, '--json'], { PATH: '', HOME: '' });

  expect({ code, out }).toEqual({ code: assessed.code, out: assessed.out });
});

test('two bundles of one decision have the same bytes, although the first was recorded', async () => {
  const shop = project();

  const { bundled, file } = await bundleOf(shop);
  const other = join(temporaryFolder(), 'other.tgz');
  await aqe(shop.root, [
    'checklist',
    '--version',
    version,
    '--attest',
    'monitoring',
    '--by',
    'a@b.example',
    '--note',
    'later words',
  ]);
  const second = await aqe(shop.root, ['bundle', '--version', version, '--output', other, '--json']);

  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  expect(readFileSync(other).equals(readFileSync(file))).toBe(true);
  expect(bundled.out).toContain(sha256);
  expect(json(second)['sha256']).toBe(sha256);
  const store = await openSqliteStore(databaseOf(shop.root));
  const events = (await store.auditLog())
    .map((entry) => readEntry(entry)!)
    .filter(({ action }) => action === 'bundle.written');
  await store.close();
  expect(events).toMatchObject([
    { target: 'release.aqe.tgz', version, details: { sha256 } },
    { target: 'other.tgz', version, details: { sha256 } },
  ]);
  expect((await aqe(shop.root, ['audit', 'verify'])).code).toBe(0);
});

test('words of the same instant as the decision are told apart by the log, not by their time', async () => {
  const shop = project(poor);
  const clock = { now: () => new Date('2026-03-01T00:00:00.000Z'), zoneAt: systemClock.zoneAt };
  const attest = (item: string) =>
    aqeWith({ clock }, shop.root, [
      'checklist',
      '--version',
      version,
      '--attest',
      item,
      '--by',
      'a@b.example',
      '--note',
      'it is so',
    ]);
  const fast = ['--priority', 'critical', '--fast-track'];

  await attest('monitoring');
  const assessed = await aqeWith({ clock }, shop.root, ['assess', '--version', version, '--json', ...fast]);
  await attest('communication-plan');
  await aqeWith({ clock }, shop.root, ['assess', '--version', 'v2.5.1', ...fast]);
  const file = join(temporaryFolder(), 'x.tgz');
  const bundled = await aqe(shop.root, ['bundle', '--version', version, '--output', file]);
  const { out } = await again(shop, file);

  expect(bundled.code, bundled.err).toBe(0);
  expect(out).toBe(assessed.out);
  expect(json<Assessment>(assessed).debts).toEqual([]);
  const members = execFileSync('tar', ['xzOf', file], { encoding: 'utf8' });
  expect(members).toContain('monitoring');
  expect(members).not.toContain('v2.5.1');
});

describe('a bundle is not written', () => {
  const refusals: Readonly<Record<string, { readonly change: (shop: Project) => unknown; readonly says: string }>> = {
    'when evidence changed': {
      change: (shop) => shop.write(reportPaths.tests, junit({ passed: 7 })),
      says: `evidence[${reportPaths.tests}]`,
    },
    'when evidence is gone': {
      change: (shop) => shop.remove(reportPaths.coverage),
      says: `evidence[${reportPaths.coverage}]`,
    },
    'when evidence came': {
      change: (shop) => shop.write('reports/more/junit.xml', junit({ passed: 7 })),
      says: 'evidence[reports/more/junit.xml]',
    },
    'when the time of a file changed': {
      change: (shop) => shop.touch(reportPaths.tests, '2026-10-10T10:10:10Z'),
      says: `evidence[${reportPaths.tests}].`,
    },
    'when the policy changed': {
      change: (shop) => shop.write('aqe-deploy.yaml', gatesOf('max_failed_tests: 5')),
      says: 'policyDigest',
    },
    'when the policy is read from somewhere else': {
      change: (shop) => shop.write('aqe-deploy.yaml', 'service: shop\npolicy: { ref: main }\n'),
      says: 'AQE3040',
    },
    'when the commit is gone': {
      change: ({ root, repository }) => {
        repository.git('checkout', '--quiet', '--orphan', 'other');
        execFileSync('rm', ['-rf', join(root, '.git/objects')]);
        execFileSync('git', ['init', '--quiet', root]);
      },
      says: 'AQE20',
    },
  };
  test.each(Object.entries(refusals))('%s', async (_, { change, says }) => {
    const shop = project();

    const { bundled, file } = await bundleOf(shop, {}, () => change(shop));

    expect(bundled.code).toBe(2);
    expect(bundled.err.replace(/\s+/g, ' ')).toContain(says);
    expect(existsSync(file)).toBe(false);
  });

  test('when there is no decision', async () => {
    const { root } = project();

    const { code, err } = await aqe(root, ['bundle', '--version', version, '--output', 'x.tgz']);

    expect([code, err.includes('AQE3054'), existsSync(join(root, 'x.tgz'))]).toEqual([2, true, false]);
  });

  test('when its policy was that of a revision, which the error names', async () => {
    const shop = project();

    const { bundled } = await bundleOf(shop, { assess: ['--policy-ref', 'main'] });

    expect(bundled.code).toBe(2);
    expect(bundled.err.replace(/\s+/g, ' ')).toContain('--policy-ref main');
  });

  test.each([
    ['UTF-8', (text: string) => text],
    ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ])('when evidence in %s holds a secret, unless that is asked for', async (_, encoded) => {
    const secret = `ghp_${'Zz19'.repeat(9)}`;
    const shop = project();
    const text = junit({ passed: 9000, failed: 1 }).replace('no refund', `no refund with ${secret}`);
    shop.write(reportPaths.tests, encoded(text.replace('UTF-8', 'UTF-16').replace(/encoding="UTF-16"/, '')));

    const { assessed, bundled, file } = await bundleOf(shop);
    const asked = await aqe(shop.root, ['bundle', '--version', version, '--output', file, '--include-secrets']);
    const { out } = await again(shop, file);

    expect(bundled.code).toBe(2);
    expect(bundled.err).toContain('AQE3052');
    expect(bundled.err).toContain(reportPaths.tests);
    expect(bundled.err + bundled.out + asked.err + asked.out).not.toContain(secret);
    expect(asked.code, asked.err).toBe(0);
    expect(out).toBe(assessed.out);
    const names = execFileSync('tar', ['tzf', file], { encoding: 'utf8' }).trim().split('\n');
    const texts = execFileSync('tar', ['xzOf', file, ...names.filter((name) => !name.startsWith('evidence/'))]);
    expect(texts.includes(secret)).toBe(false);
  });

  test('when only this environment could take out what it quotes', async () => {
    const env = { RELEASE_TOKEN: 'correct-horse-battery' };
    const shop = project();
    const sarif = {
      version: '2.1.0',
      runs: [{ tool: { driver: { name: 'Scan correct-horse-battery' } }, results: [] }],
    };
    shop.write('reports/scan.sarif', JSON.stringify(sarif));
    await aqe(shop.root, ['assess', '--version', version], { env });

    const flags = ['bundle', '--version', version, '--output', 'x.tgz', '--include-secrets'];
    const { code, err } = await aqe(shop.root, flags, { env });

    expect(code).toBe(2);
    expect(err).toContain('AQE3052');
    expect(err).toContain('only this environment knows');
    expect(existsSync(join(shop.root, 'x.tgz'))).toBe(false);
  });

  test('when the subject of a commit holds a secret, which is not told', async () => {
    const secret = `ghp_${'a1B2'.repeat(9)}`;

    const { bundled, file } = await bundleOf(project({ commitMessage: `feat: use ${secret}` }));

    expect(bundled.code).toBe(2);
    expect(bundled.err).toContain('holds a secret');
    expect(bundled.err).not.toContain(secret);
    expect(existsSync(file)).toBe(false);
  });

  test('in part: what is there stays when it fails', async () => {
    const shop = project();
    const folder = temporaryFolder();
    const file = join(folder, 'x.tgz');
    writeFileSync(file, 'before');
    await aqe(shop.root, ['assess', '--version', version]);
    shop.write(reportPaths.audit, npmAudit({}, [`ghp_${'Zz19'.repeat(9)}`]));

    await aqe(shop.root, ['bundle', '--version', version, '--output', file]);

    expect(readdirSync(folder)).toEqual(['x.tgz']);
    expect(readFileSync(file, 'utf8')).toBe('before');
  });
});

describe('a failure to record', () => {
  test('leaves the bundle and says so', async () => {
    const shop = project();
    await aqe(shop.root, ['assess', '--version', version]);
    const file = join(temporaryFolder(), 'x.tgz');
    // The log is looked for where nothing can be written: the key that signs checkpoints is not ours to read.
    writeFileSync(join(shop.root, '.agentic-qe/keys/system.pem'), 'not a key\n');

    const { code, err } = await aqe(shop.root, ['bundle', '--version', version, '--output', file]);
    const { code: read } = await again(shop, file);

    expect(code).toBe(2);
    expect(err.replace(/\s+/g, ' ')).toContain(`the bundle is whole and stays at ${file}`);
    expect(read).toBe(0);
  });
});

describe('a signature', () => {
  const keyOf = ({ root }: Project): string =>
    readFileSync(join(root, '.agentic-qe/keys/system.pub'), 'utf8').trim().split('\n').at(-1)!;

  test('is looked for with a key, and without one it is said that nobody looked', async () => {
    const shop = project();
    const { file } = await bundleOf(shop);
    const key = keyOf(shop);
    const trusted = join(temporaryFolder(), 'shop.pub');
    writeFileSync(trusted, `${first.publicKey}\n${key}\n`);

    const none = await again(shop, file);
    const named = await again(shop, file, '--key', key);
    const listed = await again(shop, file, '--key', trusted);

    expect([none.code, named.code, listed.code]).toEqual([0, 0, 0]);
    expect(none.err).toContain("nobody's signature was checked");
    expect(none.err).toContain('--key');
    for (const { err } of [named, listed])
      expect(err).toMatch(/signed by [0-9a-f]{64}; 1 signed checkpoint agreed .* entry 1/);
    expect(named.out).toBe(none.out);
  });

  test('of somebody else, or none, is refused', async () => {
    const shop = project();
    const bare = project({ history: 'none' });
    const { file } = await bundleOf(shop);
    const unsigned = await bundleOf(bare);

    const other = await again(shop, file, '--key', second.publicKey);
    const none = await again(bare, unsigned.file, '--key', second.publicKey);

    expect([other.code, none.code, other.out, none.out]).toEqual([2, 2, '', '']);
    expect(other.err).toContain('AQE3053');
    expect(none.err).toContain('AQE3053');
    expect(none.err).toContain('nobody signed it');
  });

  test.each([
    ['no key', ['--key', ' , '], 'AQE1002'],
    ['a key that is none', ['--key', 'AAAA'], 'AQE3010'],
    ['another version', ['--version', 'v9'], 'AQE1002'],
    ['a flag that the bundle answers itself', ['--strict'], 'AQE1002'],
  ])('%s is an error of usage', async (_, flags, code) => {
    const shop = project();
    const { file } = await bundleOf(shop);

    const result = await again(shop, file, ...flags);

    expect([result.code, result.err.includes(code)]).toEqual([2, true]);
  });

  test('without a bundle is an error of usage', async () => {
    const { code, err } = await aqe(project().root, ['assess', '--version', version, '--key', first.publicKey]);

    expect([code, err.includes('AQE1002')]).toEqual([2, true]);
  });
});
