import { afterAll, describe, expect, test } from 'vitest';
import type { Assessment } from '../../src/core/decision/assessment.ts';
import { aqe, json, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/git-repository.ts';
import { project, type Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

const gates = (limit: number, more = ''): string => `service: shop
${more}deployment_gates:
  mandatory_gates:
    security: { max_high_vulnerabilities: ${limit}, enforcement: BLOCKING }
    tests: { max_failed_tests: 0, enforcement: BLOCKING }
fast_track: { gates: [tests] }
`;
const key = `MCowBQYDK2VwAyEA${'A'.repeat(43)}=`;
const otherKey = `MCowBQYDK2VwAyEA${'B'.repeat(43)}=`;

const assess = ({ root }: Pick<Project, 'root'>, flags: readonly string[] = [], env: Record<string, string> = {}) =>
  aqe(root, ['assess', '--version', 'v2.5.0', '--dry-run', ...flags], { env });
const assessed = async (
  shop: Pick<Project, 'root'>,
  flags: readonly string[] = [],
  env: Record<string, string> = {},
) => {
  const { out, code, err } = await assess(shop, ['--json', ...flags], env);
  if (code === 2) throw new Error(err);
  return JSON.parse(out) as Assessment;
};
const outcomeOf = ({ gates: { gateResults } }: Assessment, name: string): string | undefined =>
  gateResults.find(({ gate }) => gate === name)?.outcome;

/** A shop with one high vulnerability; `main` forbids it, and the work tree is on a branch of its own. */
function branched(config = gates(0)): Project {
  const shop = project({ config, audit: { high: 1 } });
  shop.repository.git('checkout', '--quiet', '-b', 'feature');
  return shop;
}

describe('a policy that is read from a revision', () => {
  test('judges by that revision, whatever the work tree or a commit of the branch says', async () => {
    const shop = branched();
    shop.write('aqe-deploy.yaml', gates(5));

    const own = await assessed(shop);
    const bound = await assessed(shop, ['--policy-ref', 'main']);
    shop.repository.commit('feat: live with it');
    const committed = await assessed(shop, [], { AQE_POLICY_REF: 'main' });
    const page = await assess(shop, ['--policy-ref', 'main']);

    const commit = shop.repository.git('rev-parse', 'main');
    expect([own, bound, committed].map((each) => outcomeOf(each, 'security'))).toEqual(['pass', 'fail', 'fail']);
    expect(own.policySource).toEqual({ path: 'aqe-deploy.yaml', ref: null, commit: null });
    for (const each of [bound, committed])
      expect(each.policySource).toEqual({ path: 'aqe-deploy.yaml', ref: 'main', commit });
    expect(bound.policyDigest).toBe(committed.policyDigest);
    expect(bound.policyDigest).not.toBe(own.policyDigest);
    expect(page.out).toContain(`policy read from main (${commit.slice(0, 9)}), aqe-deploy.yaml`);
  });

  test('is asked for by the flag before the environment, and by the environment before the config', async () => {
    const shop = branched(gates(0, 'policy: { ref: main }\n'));
    shop.repository.git('branch', 'strict', 'main');
    shop.repository.git('branch', 'stricter', 'main');
    const refOf = async (...args: Parameters<typeof assessed>): Promise<string | null> =>
      (await assessed(...args)).policySource.ref;

    expect(await refOf(shop)).toBe('main');
    expect(await refOf(shop, [], { AQE_POLICY_REF: 'strict' })).toBe('strict');
    expect(await refOf(shop, ['--policy-ref', 'stricter'], { AQE_POLICY_REF: 'strict' })).toBe('stricter');
  });

  test('does not look at a work tree whose config is broken, gone or for another environment', async () => {
    const shop = branched(gates(0, 'environments: { production: {} }\n'));
    const flags = ['--policy-ref', 'main', '--environment', 'production'];

    for (const change of [
      () => shop.write('aqe-deploy.yaml', 'mode: [\n'),
      () => shop.write('aqe-deploy.yaml', 'environments: { staging: {} }\n'),
      () => shop.remove('aqe-deploy.yaml'),
    ]) {
      change();

      expect(outcomeOf(await assessed(shop, flags), 'security')).toBe('fail');
    }
  });

  test('takes the public keys of that revision too', async () => {
    const shop = branched();
    shop.write('.aqe/keys/ada@example.com.pub', `${key}\n`);
    shop.repository.commit('chore: a key');
    shop.repository.git('branch', '--force', 'main', 'HEAD');
    shop.write('.aqe/keys/ada@example.com.pub', `${otherKey}\n`);
    shop.write('.aqe/keys/eve@example.com.pub', `${otherKey}\n`);

    const policyOf = async (...flags: readonly string[]): Promise<string> => (await assessed(shop, flags)).policyDigest;
    const withOthers = await policyOf();
    const bound = await policyOf('--policy-ref', 'main');
    shop.remove('.aqe/keys/eve@example.com.pub');
    shop.write('.aqe/keys/ada@example.com.pub', `${key}\n`);

    expect(bound).toBe(await policyOf());
    expect(bound).not.toBe(withOthers);
  });

  test('prints origins with the revision', async () => {
    const shop = branched();

    const { out } = await aqe(shop.root, ['config', 'print', '--origin', '--policy-ref', 'main']);

    expect(out).toMatch(/^service: "shop" {2}# main:aqe-deploy.yaml:1$/m);
  });

  test.each([
    ['AQE2012', 'nowhere', 'there is no revision "nowhere"'],
    ['AQE2012', '--upload-pack=x', 'there is no revision "--upload-pack=x"'],
    ['AQE2012', 'main:aqe-deploy.yaml', 'there is no revision'],
    ['AQE3040', 'bare', '"bare" has no aqe-deploy.yaml'],
    ['AQE1004', 'broken', 'unknown key "mdoe"'],
  ])('that cannot be had is an error %s, never the policy of the work tree: %s', async (code, ref, words) => {
    const shop = branched();
    shop.repository.git('checkout', '--quiet', '--orphan', 'bare');
    shop.repository.git('rm', '--quiet', '-r', '--cached', '.');
    shop.repository.git('commit', '--quiet', '--allow-empty', '-m', 'nothing');
    shop.repository.git('checkout', '--quiet', '--force', '-b', 'broken', 'feature');
    shop.write('aqe-deploy.yaml', 'mdoe: shadow\n');
    shop.repository.commit('feat: broken');
    shop.repository.git('checkout', '--quiet', 'feature');

    const answers = [await assess(shop, [`--policy-ref=${ref}`]), await assess(shop, [], { AQE_POLICY_REF: ref })];

    for (const { code: exit, out, err } of answers) {
      expect([exit, out]).toEqual([2, '']);
      expect(err).toContain(code);
      expect(err.replace(/\s+/g, ' ')).toContain(words);
    }
  });

  test('with an empty name is an error: it is a variable that was not set', async () => {
    const { code, err } = await assess(branched(), [], { AQE_POLICY_REF: '' });

    expect([code, err.includes('AQE1011')]).toEqual([2, true]);
  });

  test('outside a repository is an error', async () => {
    const { code, err } = await assess(project({ history: 'none', config: gates(0) }), ['--policy-ref', 'main']);

    expect([code, err.includes('AQE3040')]).toEqual([2, true]);
  });

  test('a work tree that points to another revision than the policy there does is refused', async () => {
    const shop = branched(gates(0, 'policy: { ref: main }\n'));
    shop.repository.git('branch', 'same', 'main');
    shop.write('old', '1');
    shop.repository.commit('chore: on');
    shop.write('aqe-deploy.yaml', gates(0, 'policy: { ref: v2.4.0 }\n'));
    const elsewhere = await assess(shop);
    shop.write('aqe-deploy.yaml', gates(0, 'policy: { ref: feature }\n'));
    const itself = await assess(shop);
    shop.write('aqe-deploy.yaml', gates(0, 'policy: { ref: same }\n'));
    const alias = await assess(shop);

    expect([elsewhere.code, itself.code]).toEqual([2, 2]);
    expect(elsewhere.err.replace(/\s+/g, ' ')).toContain('names "v2.4.0", and the config there names "main"');
    expect(alias.code).not.toBe(2);
  });
});

describe('a release that changes its own policy', () => {
  const changeOf = async (shop: Pick<Project, 'root'>, ...flags: readonly string[]) =>
    (await assessed(shop, flags)).policyChange;

  test('says which parts, and which way, and needs an approval', async () => {
    const shop = project({ config: gates(0) });
    shop.write('aqe-deploy.yaml', `# what we live with\n${gates(5)}approvals: { allow_author: true }\n`);
    shop.repository.commit('chore: gates');

    const assessment = await assessed(shop);

    expect(assessment.policyChange).toEqual({
      kind: 'changed',
      parts: ['gate security: max_high_vulnerabilities 0 → 5 (weaker)', 'approvals: allow_author no → yes (weaker)'],
      words:
        'since v2.4.0: gate security: max_high_vulnerabilities 0 → 5 (weaker); approvals: allow_author no → yes (weaker)',
      asks: 'approval',
    });
    const rule = assessment.rules.find((each) => each.rule === 'policy-changed');
    expect(rule?.leadsTo).toBe('PENDING_APPROVAL');
  });

  test('with on_change: report is told and needs nobody', async () => {
    const shop = project({ config: gates(0, 'policy: { on_change: report }\n') });
    shop.write('aqe-deploy.yaml', gates(1, 'policy: { on_change: report }\n'));
    shop.repository.commit('chore: gates');

    const { rules } = await assessed(shop);

    expect(rules.find((each) => each.rule === 'policy-changed')?.leadsTo).toBe('APPROVED_WITH_WARNINGS');
  });

  test('cannot say of itself that a report is enough, or that another revision protects it', async () => {
    const lax = project({ config: gates(0) });
    lax.write('aqe-deploy.yaml', gates(5, 'policy: { on_change: report }\n'));
    const uncommitted = await assessed(lax);
    lax.repository.commit('chore: gates');
    const elsewhere = branched(gates(0, 'policy: { ref: main }\n'));
    elsewhere.write('aqe-deploy.yaml', gates(5, 'policy: { ref: feature }\n'));
    elsewhere.repository.commit('chore: gates');

    const ended = [uncommitted, await assessed(lax), await assessed(elsewhere)];

    for (const { rules } of ended)
      expect(rules.find((each) => each.rule === 'policy-changed')?.leadsTo).toBe('PENDING_APPROVAL');
    expect(ended[2]?.policyChange?.parts[0]).toBe('policy.ref main → feature');
  });

  test('cannot point at itself to say that a report is enough', async () => {
    const shop = project({ config: gates(0) });
    shop.write('aqe-deploy.yaml', gates(5, 'policy: { ref: HEAD, on_change: report }\n'));
    shop.repository.commit('chore: gates');

    const { code } = await assess(shop);
    const { policyChange } = await assessed(shop);
    const pinned = await assessed(shop, ['--policy-ref', 'v2.4.0']);

    expect(code).toBe(4);
    expect(policyChange).toMatchObject({ asks: 'approval' });
    expect(policyChange?.parts[0]).toBe('policy.ref none → HEAD');
    expect(pinned.policyChange?.parts.join()).not.toContain('policy.ref');
  });

  test('is not one that writes the same in other words', async () => {
    const shop = project({ config: gates(0) });
    const text = `# new
fast_track: { gates: ["tests"] }
deployment_gates:
  mandatory_gates:
    tests: { enforcement: BLOCKING, max_failed_tests: { limit: 0 } }
    security:
      enforcement: BLOCKING
      max_high_vulnerabilities: 0
gate_overrides: { enabled: true }
service: shop
`;
    shop.write('aqe-deploy.yaml', text);
    const uncommitted = await changeOf(shop);
    shop.repository.commit('style: config');

    expect([uncommitted, await changeOf(shop)]).toEqual([null, null]);
  });

  test('is found in the work tree before it is committed', async () => {
    const shop = project({ config: gates(0) });
    shop.write('aqe-deploy.yaml', gates(5));

    expect(await changeOf(shop)).toMatchObject({
      kind: 'uncommitted',
      parts: ['gate security: max_high_vulnerabilities 0 → 5 (weaker)'],
    });
  });

  test('is found where the release is a tag and the work tree is past it', async () => {
    const shop = project({ config: gates(0) });
    shop.repository.git('tag', 'v2.5.0');
    shop.write('aqe-deploy.yaml', gates(5));
    shop.repository.commit('chore: gates');

    expect(await changeOf(shop)).toMatchObject({ kind: 'uncommitted' });
  });

  test('is found where it adds the config, takes it away, or moves it', async () => {
    const added = project({ config: null });
    added.write('aqe-deploy.yaml', gates(5));
    const untracked = await changeOf(added);
    added.repository.commit('feat: a policy');
    const removed = project({ config: gates(0) });
    removed.remove('aqe-deploy.yaml');
    removed.repository.commit('feat: no policy');
    const nothingSaid = project({ config: null });
    nothingSaid.write('aqe-deploy.yaml', '# only words\n');
    nothingSaid.repository.commit('docs: words');

    expect(untracked).toMatchObject({ kind: 'uncommitted' });
    expect(await changeOf(added)).toMatchObject({ kind: 'added' });
    const gone = await changeOf(removed);
    expect(gone?.kind).toBe('changed');
    expect(gone?.parts).toContain('fast_track: gate added: security (stricter)');
    expect(await changeOf(nothingSaid)).toBeNull();
  });

  test('is found where it changes a key, whether committed or not', async () => {
    const shop = project({ config: gates(0) });
    shop.write('.aqe/keys/ada@example.com.pub', `${key}\n`);
    shop.repository.commit('chore: a key');
    shop.repository.git('tag', 'v2.4.1');
    shop.write('.aqe/keys/ada@example.com.pub', `${otherKey}\n`);
    const modified = await changeOf(shop, '--baseline', 'v2.4.1');
    shop.repository.commit('chore: another key');
    shop.write('.aqe/keys/eve@example.com.pub', `${key}\n`);
    const untracked = await changeOf(shop, '--baseline', 'HEAD');

    expect(modified).toMatchObject({ kind: 'uncommitted', parts: ['people: key of ada@example.com changed'] });
    expect(untracked).toMatchObject({ kind: 'uncommitted', parts: ['people added: eve@example.com'] });
    shop.remove('.aqe/keys/eve@example.com.pub');
    expect(await changeOf(shop, '--baseline', 'v2.4.1')).toMatchObject({ kind: 'changed' });
  });

  test('is not known where the old policy cannot be read', async () => {
    const shop = project({ config: 'mdoe: shadow\n' });
    shop.write('aqe-deploy.yaml', gates(0));
    shop.repository.commit('fix: config');

    const change = await changeOf(shop);

    expect(change).toMatchObject({ kind: 'unknown', parts: [] });
    expect(change?.words).toContain('AQE1004');
  });

  test('is none for a first release, for other files, and outside a repository', async () => {
    const first = project({ config: gates(0) });
    first.repository.git('tag', '-d', 'v2.4.0');
    first.write('aqe-deploy.yaml', gates(5));

    expect(await changeOf(first)).toBeNull();
    expect(await changeOf(project({ config: gates(0) }))).toBeNull();
    expect(await changeOf(project({ config: gates(0), history: 'none' }))).toBeNull();
  });

  test('cannot be ruled out in a shallow clone, unless the policy is read from a revision', async () => {
    const shop = project({ config: gates(0) });
    const root = temporaryFolder();
    shop.repository.git('clone', '--quiet', '--depth=1', '--no-tags', `file://${shop.root}`, root);
    const copy = { root };

    expect(await changeOf(copy)).toMatchObject({ kind: 'unknown' });
    expect(await changeOf(copy, '--policy-ref', 'main')).toBeNull();
  });

  test('read from a revision, tells what changed there and what the release would change', async () => {
    const shop = branched();
    const before = await changeOf(shop, '--policy-ref', 'main');
    shop.write('aqe-deploy.yaml', gates(5));
    shop.repository.commit('feat: live with it');
    const proposed = await changeOf(shop, '--policy-ref', 'main');
    shop.repository.git('branch', '--force', 'main', 'HEAD');
    const merged = await changeOf(shop, '--policy-ref', 'main');

    const line = 'gate security: max_high_vulnerabilities 0 → 5 (weaker)';
    expect(before).toBeNull();
    expect(proposed).toMatchObject({ kind: 'changed', parts: [`${line}, not in force yet`] });
    expect(merged).toMatchObject({ kind: 'changed', parts: [line] });
  });

  test('has a digest of its own: an approval of the release before does not fit', async () => {
    const shop = project({ config: gates(0) });
    const { decisionDigest } = await assessed(shop);
    shop.write('aqe-deploy.yaml', gates(5));

    expect((await assessed(shop)).decisionDigest).not.toBe(decisionDigest);
  });
});

test('the result of a command is the same from every folder of the project', async () => {
  const shop = branched();
  const ask = (cwd: string): Promise<CliResult> =>
    aqe(cwd, ['assess', '--version', 'v2.5.0', '--dry-run', '--json', '--policy-ref', 'main']);

  const [above, below] = [await ask(shop.root), await ask(`${shop.root}/src`)];

  expect(json<Assessment>(below).decisionDigest).toBe(json<Assessment>(above).decisionDigest);
});
