import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/stores/sqlite/open.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { readEntry } from '../../src/core/audit/chain.ts';
import type { Assessment } from '../../src/core/decision/assessment.ts';
import { first, second } from '../support/attest.ts';
import { gatesOf, poor, situations } from '../support/bundle-situations.ts';
import { again, bundleOf, version } from '../support/bundles.ts';
import { aqe, aqeProcess, aqeWith, databaseOf, json } from '../support/cli.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/git-repository.ts';
import { npmAudit, junit, project, reportPaths, type Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

describe('the decision of a bundle is made again with the same bytes, with', () => {
  test.each(Object.entries(situations))('%s', async (_, { make, assess, bundle, after, shows }) => {
    const shop = await make();

    const { assessed, bundled, file } = await bundleOf(
      shop,
      { ...(assess && { assess }), ...(bundle && { bundle }) },
      () => after?.(shop),
    );
    const { code, out, err } = await again(shop, file);

    expect(shows(json<Assessment>(assessed))).toBe(true);
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

  expect(bundled.code).toBe(0);
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
    expect(asked.code).toBe(0);
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

  test('with the secret that the subject of a commit holds', async () => {
    const secret = `ghp_${'a1B2'.repeat(9)}`;

    const { bundled, file } = await bundleOf(project({ commitMessage: `feat: use ${secret}` }));

    expect(bundled.code).toBe(0);
    expect(execFileSync('tar', ['xzOf', file]).includes(secret)).toBe(false);
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
