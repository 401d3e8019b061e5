import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { effectiveConfig } from '../../src/config/effective-config.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { aqe, json } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { emptyProject, project, type Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

const configOf = ({ root }: Project): string => readFileSync(join(root, 'aqe-deploy.yaml'), 'utf8');

describe('init', () => {
  test('writes a commented config that stands for the defaults', async () => {
    const shop = project({ config: null });

    const { code, out, err } = await aqe(shop.root, ['init', '--yes']);

    const text = configOf(shop);
    const { config } = await parseConfig('aqe-deploy.yaml', text);
    expect({ code, out }).toEqual({ code: 0, out: 'aqe-deploy.yaml\n' });
    expect(err).toContain('aqe deploy assess');
    expect(text).toContain('#');
    expect(effectiveConfig(config)).toEqual({ ...effectiveConfig({}), service: 'shop' });
  });

  test('changes no verdict', async () => {
    const shop = project({ config: null });
    const digest = async (): Promise<unknown> =>
      json(await aqe(shop.root, ['deploy', 'assess', '--version', 'v2.5.0', '--json', '--dry-run']))['policyDigest'];

    const before = await digest();
    await aqe(shop.root, ['init']);
    const after = await digest();

    expect(after).toBe(before);
  });

  test('asks nothing where there is no terminal', async () => {
    const { root } = emptyProject();

    const { code } = await aqe(root, ['init'], { isTTY: false });

    expect(code).toBe(0);
    expect(existsSync(join(root, 'aqe-deploy.yaml'))).toBe(true);
  });

  test('never overwrites', async () => {
    const shop = project({ config: 'service: mine\n' });

    const { code, out, err } = await aqe(shop.root, ['init', '--yes']);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('AQE1006');
    expect(configOf(shop)).toBe('service: mine\n');
  });

  test('writes through no link that points nowhere', async () => {
    const shop = emptyProject();
    symlinkSync(join(shop.root, 'elsewhere.yaml'), join(shop.root, 'aqe-deploy.yaml'));

    const { code, err } = await aqe(shop.root, ['init', '--yes']);

    expect(code).toBe(2);
    expect(err).toContain('AQE1006');
    expect(existsSync(join(shop.root, 'elsewhere.yaml'))).toBe(false);
  });
});

describe('doctor', () => {
  test('finds a good project good', async () => {
    const { code, out } = await aqe(project().root, ['doctor']);

    expect(code).toBe(0);
    expect(out.split('\n').filter((line) => line.startsWith('✔'))).toHaveLength(5);
    expect(out).toContain('6 reports found, 6 usable for HEAD');
  });

  test('says in JSON what it finds', async () => {
    const { code, out } = await aqe(project({ history: 'none' }).root, ['doctor', '--format', 'json']);

    const { schemaVersion, findings } = json<{ schemaVersion: string; findings: { check: string; state: string }[] }>({
      out,
    });
    expect(code).toBe(0);
    expect(schemaVersion).toBe('1');
    expect(findings.map(({ check, state }) => `${check} ${state}`)).toEqual([
      'runtime good',
      'config good',
      'git warning',
      'state good',
      'evidence good',
    ]);
  });

  test('of a broken config is 2 with the code and the place, and still writes its result to --output', async () => {
    const shop = project({ config: 'mode: loud\n' });

    const { code, out } = await aqe(shop.root, ['doctor', '--json', '--output', 'doctor.json']);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(readFileSync(join(shop.root, 'doctor.json'), 'utf8')).toMatch(/AQE1004 .*\(aqe-deploy\.yaml:1:1\)/);
  });

  test('changes nothing', async () => {
    const shop = emptyProject();

    await aqe(shop.root, ['doctor']);

    expect(existsSync(join(shop.root, '.agentic-qe'))).toBe(false);
  });
});

describe('configure-gates', () => {
  const commented = `# our shop
service: shop # do not rename
evidence:
  max_age: 2d # fresh
deployment_gates:
  mandatory_gates:
    tests: { max_failed_tests: 0, enforcement: BLOCKING } # old
# end
`;
  const gates = `# the new gates
deployment_gates:
  mandatory_gates:
    security: { max_critical_vulnerabilities: 0, enforcement: BLOCKING } # strict
`;

  test('takes the gates over and keeps everything else with its comments', async () => {
    const shop = project({ config: commented });
    shop.write('gates.yaml', gates);

    const { code, out } = await aqe(shop.root, ['deploy', 'configure-gates', '--config', 'gates.yaml']);

    const text = configOf(shop);
    expect(code).toBe(0);
    expect(out).toBe(
      '- mandatory_gates.tests: max_failed_tests 0, enforcement BLOCKING\n+ mandatory_gates.security: max_critical_vulnerabilities 0, enforcement BLOCKING\n',
    );
    for (const kept of ['# our shop', '# do not rename', '# fresh', '# strict']) expect(text).toContain(kept);
    expect((await parseConfig('x', text)).config).toMatchObject({
      service: 'shop',
      evidence: { max_age: '2d' },
      deployment_gates: { mandatory_gates: { security: { enforcement: 'BLOCKING' } } },
    });
  });

  test('of the gates that are there already changes nothing', async () => {
    const shop = project({ config: commented });
    shop.write('gates.yaml', gates);
    await aqe(shop.root, ['deploy', 'configure-gates', '--config', 'gates.yaml']);
    const before = statSync(join(shop.root, 'aqe-deploy.yaml'));

    const { code, out, err } = await aqe(shop.root, ['deploy', 'configure-gates', '--config', 'gates.yaml']);

    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain('has these gates already');
    expect(statSync(join(shop.root, 'aqe-deploy.yaml')).mtimeMs).toBe(before.mtimeMs);
  });

  test('makes the config that does not exist', async () => {
    const shop = project({ config: null });
    shop.write('gates.yaml', gates);

    const { code } = await aqe(shop.root, ['deploy', 'configure-gates', '--config', 'gates.yaml']);

    expect(code).toBe(0);
    expect(configOf(shop)).toContain('max_critical_vulnerabilities: 0');
  });

  test.each([
    [
      'a gate that is misspelt',
      'deployment_gates:\n  mandatory_gates:\n    tests: { max_faild_tests: 0, enforcement: BLOCKING }\n',
      'AQE1004',
      'max_failed_tests',
    ],
    [
      'an enforcement nobody knows',
      'deployment_gates:\n  mandatory_gates:\n    tests: { max_failed_tests: 0, enforcement: HARD }\n',
      'AQE1004',
      'enforcement',
    ],
    ['broken YAML', 'deployment_gates: [\n', 'AQE1003', 'gates.yaml'],
    ['no gates', 'gate_overrides: { enabled: false }\n', 'AQE1004', 'deployment_gates'],
    ['more than gates', `${gates}service: other\n`, 'AQE1004', 'service'],
    ['nothing', '', 'AQE1004', 'deployment_gates'],
  ])('refuses a file with %s and leaves the config as it is', async (_, text, expected, words) => {
    const shop = project({ config: commented });
    shop.write('gates.yaml', text);

    const { code, out, err } = await aqe(shop.root, ['deploy', 'configure-gates', '--config', 'gates.yaml']);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(expected);
    expect(err).toContain(words);
    expect(configOf(shop)).toBe(commented);
  });

  test('refuses a file that is not there', async () => {
    const { code, err } = await aqe(project().root, ['deploy', 'configure-gates', '--config', 'none.yaml']);

    expect(code).toBe(2);
    expect(err).toContain('AQE1005');
  });
});

describe('config print', () => {
  test('shows where each value comes from', async () => {
    const shop = project({ config: 'service: shop\nevidence:\n  max_age: 2d\n' });

    const { code, out } = await aqe(shop.root, ['deploy', 'config', 'print', '--origin', '--environment', 'staging']);

    expect(code).toBe(0);
    expect(out.split('\n')).toEqual(
      expect.arrayContaining([
        'service: "shop"  # aqe-deploy.yaml:1',
        'evidence.max_age: "2d"  # aqe-deploy.yaml:3',
        'environment: "staging"  # flag --environment',
        'mode: "enforce"  # default',
      ]),
    );
  });

  test('names the package or folder for a service that the config does not name', async () => {
    const { out } = await aqe(project({ config: null }).root, ['deploy', 'config', 'print', '--origin']);

    expect(out).toContain('service: "shop"  # package.json or folder name\n');
  });

  test('gives the same in JSON', async () => {
    const { out } = await aqe(project().root, ['deploy', 'config', 'print', '--json']);

    const { schemaVersion, config, values } = json<Record<string, unknown>>({ out });
    expect([schemaVersion, config]).toEqual(['1', 'aqe-deploy.yaml']);
    expect(values).toContainEqual({ path: 'service', value: 'shop', origin: 'aqe-deploy.yaml:1' });
  });
});

test('help exit-codes lists the statuses of the command line', async () => {
  const { code, out } = await aqe(emptyProject().root, ['help', 'exit-codes']);

  expect(code).toBe(0);
  expect(out.split('\n').map((line) => line.trim().split(' ')[0])).toEqual(['0', '1', '2', '3', '4', '130', '']);
});

test('a help topic that does not exist is a mistake', async () => {
  const { code, err } = await aqe(emptyProject().root, ['help', 'exits']);

  expect(code).toBe(2);
  expect(err).toContain('exit-codes');
});
