import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { aqe, json, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { unsafeIn } from '../support/hostile.ts';
import { emptyProject, type Project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

const folderWith = (config: string | Uint8Array): Project => {
  const made = emptyProject();
  made.write('aqe-deploy.yaml', config);
  return made;
};
const assess = ({ root }: Project): Promise<CliResult> =>
  aqe(root, ['deploy', 'assess', '--version', 'v1', '--dry-run']);

const laughs = ['a: &a [x,x,x,x,x,x,x,x,x,x]']
  .concat(
    [...'bcdefghi'].map((name, index) => {
      const before = `*${'abcdefgh'[index]}`;
      return `${name}: &${name} [${Array.from({ length: 10 }, () => before).join(',')}]`;
    }),
  )
  .join('\n');

describe('a config is refused with 2, its place, and nothing else on stdout', () => {
  test.each([
    ['an unknown key', 'service: shop\nmodes: shadow\n', 'AQE1004', ':2:1'],
    ['an unknown key inside', 'evidence:\n  max_agee: 7d\n', 'AQE1004', ':2:3'],
    [
      'an unknown gate criterion',
      'deployment_gates:\n  mandatory_gates:\n    tests:\n      max_failed: 0\n      enforcement: BLOCKING\n',
      'AQE1004',
      ':4:7',
    ],
    [
      'text in place of a number',
      'deployment_gates:\n  mandatory_gates:\n    tests: { max_failed_tests: none, enforcement: BLOCKING }\n',
      'AQE1004',
      ':3:14',
    ],
    [
      'a percentage over 100',
      'deployment_gates:\n  mandatory_gates:\n    t: { min_line_coverage: 101, enforcement: BLOCKING }\n',
      'AQE1004',
      ':3:10',
    ],
    [
      'a number that is none',
      'deployment_gates:\n  mandatory_gates:\n    t: { min_line_coverage: .nan, enforcement: BLOCKING }\n',
      'AQE1004',
      ':3:10',
    ],
    [
      'an enforcement in small letters',
      'deployment_gates:\n  mandatory_gates:\n    t: { max_failed_tests: 0, enforcement: blocking }\n',
      'AQE1004',
      ':3:31',
    ],
    [
      'a gate without a criterion',
      'deployment_gates:\n  mandatory_gates:\n    t: { enforcement: BLOCKING }\n',
      'AQE1004',
      ':3:5',
    ],
    ['a list in place of a mapping', '- a\n- b\n', 'AQE1004', ':1:1'],
    ['a text in place of a mapping', 'just words\n', 'AQE1004', ':1:1'],
    ['a duplicate key', 'service: a\nservice: b\n', 'AQE1003', ':2:1'],
    ['a bracket that is not closed', 'service: shop\nevidence: [\n', 'AQE1003', ':3:1'],
    ['a tab for indentation', 'evidence:\n\tmax_age: 7d\n', 'AQE1003', ':2:1'],
    ['two documents', 'service: a\n---\nservice: b\n', 'AQE1003', ':2:1'],
    ['an alias to nothing', 'service: *nobody\n', 'AQE1003', ''],
    ['aliases that expand to a billion', `${laughs}\n`, 'AQE100[34]', ''],
    ['a key that is a prototype', '__proto__:\n  polluted: true\n', 'AQE1004', ':1:1'],
    [
      'a gate that is named as a prototype',
      'deployment_gates:\n  mandatory_gates:\n    __proto__: { max_failed_tests: 0, enforcement: BLOCKING }\n',
      'AQE1004',
      '',
    ],
    ['an escape sequence', 'service: "\\e[31mx"\nmode: "\\e[31mloud"\n', 'AQE1004', ':2:1'],
  ])('for %s', async (_, text, code, place) => {
    const result = await assess(folderWith(text));

    expect(result).toMatchObject({ code: 2, out: '' });
    expect(result.err).toMatch(new RegExp(`^error ${code}: `));
    expect(result.err).toContain(`  at aqe-deploy.yaml${place}`);
    expect(unsafeIn(result.err)).toEqual([]);
    expect('polluted' in {}).toBe(false);
  });

  test.each([
    ['brackets 100,000 deep', `service: ${'['.repeat(100_000)}\n`],
    ['mappings 20,000 deep', `a: ${'{a: '.repeat(20_000)}\n`],
    ['2 MB of text', `# ${'x'.repeat(2 * 1024 * 1024)}\n`],
    ['100,000 aliases', `a: &a x\nb: [${'*a,'.repeat(100_000)}*a]\n`],
    ['bytes that are no text', Uint8Array.from({ length: 4096 }, (_, index) => (index * 37) % 256)],
  ])('for %s, within two seconds', async (_, text) => {
    const started = performance.now();

    const { code, out, err } = await assess(folderWith(text));

    expect(performance.now() - started).toBeLessThan(2000);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^error AQE100[345]: /);
    expect(err.length).toBeLessThan(1500);
    expect(unsafeIn(err)).toEqual([]);
  });

  test.each([
    ['a folder', (path: string) => void mkdirSync(path)],
    ['a link to a device that never ends', (path: string) => symlinkSync('/dev/zero', path)],
  ])('for %s', async (_, make) => {
    const shop = emptyProject();
    make(join(shop.root, 'aqe-deploy.yaml'));

    const { code, out, err } = await assess(shop);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^error AQE1005: /);
  });
});

describe('a config is read', () => {
  const gates = 'deployment_gates:\n  mandatory_gates:\n    t: { min_line_coverage: 71, enforcement: BLOCKING }\n';

  test.each([
    ['with a byte order mark', `\ufeff${gates}`],
    ['with line ends of Windows', gates.replaceAll('\n', '\r\n')],
    ['with an anchor used once', 'evidence: { max_age: &age 7d }\n' + gates],
    ['with comments alone around it', `# a\n${gates}# b\n`],
  ])('%s', async (_, text) => {
    const { root } = folderWith(text);

    const result = await aqe(root, ['deploy', 'config', 'print', '--json']);

    const { values } = json<{ values: { path: string; value: unknown }[] }>(result);
    expect(result.code).toBe(0);
    expect(values).toContainEqual(
      expect.objectContaining({ path: 'deployment_gates.mandatory_gates.t.min_line_coverage', value: 71 }),
    );
  });

  test('with a tag that asks for code as the text that it is', async () => {
    const { root } = folderWith('service: !!js/function "function(){ process.exit(9) }"\n');

    const { code, out } = await aqe(root, ['deploy', 'config', 'print']);

    expect(code).toBe(0);
    expect(out).toContain('service: "function(){ process.exit(9) }"\n');
  });

  test.each([
    ['with nothing in it', ''],
    ['of comments', '# nothing yet\n'],
    ['of null', '~\n'],
  ])('%s as the defaults', async (_, text) => {
    const { root } = folderWith(text);

    const result = await aqe(root, ['deploy', 'config', 'print']);

    expect(result.code).toBe(0);
    expect(result.out).toContain('deployment_gates.mandatory_gates.test_coverage.min_line_coverage: 85\n');
  });
});
