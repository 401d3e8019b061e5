import fc from 'fast-check';
import { expect, test } from 'vitest';
import { config, runs } from '../../test/support/arbitraries.ts';
import { gateEditor } from './edit-gates.ts';
import { parseConfig } from './parse.ts';

const gates = `deployment_gates:
  mandatory_gates:
    tests:
      max_failed_tests: 0 # none at all
      enforcement: BLOCKING
`;
const current = `# ours
service: shop # the till
mode: shadow

deployment_gates:
  mandatory_gates:
    tests: { max_failed_tests: 5, enforcement: WARNING }
    old: { max_code_smells: 1, enforcement: ADVISORY }
`;

const edit = (text: string, source: string) =>
  gateEditor.replaceGates({ path: 'aqe-deploy.yaml', text }, { path: 'gates.yaml', text: source });
const refusal = (text: string, source: string): Promise<unknown> => edit(text, source).catch((error: unknown) => error);

test('gates are replaced and everything else stays as it was written', async () => {
  const { text } = await edit(current, gates);

  expect(text).toContain('# ours\nservice: shop # the till\nmode: shadow\n');
  expect(text).toContain('max_failed_tests: 0 # none at all');
  expect(text).not.toContain('old:');
});

test('each gate that comes, goes or changes is told', async () => {
  const { changes } = await edit(current, `${gates}    fresh: { max_code_smells: 9, enforcement: WARNING }\n`);

  expect(changes).toEqual([
    '~ mandatory_gates.tests: max_failed_tests 5, enforcement WARNING → max_failed_tests 0, enforcement BLOCKING',
    '- mandatory_gates.old: max_code_smells 1, enforcement ADVISORY',
    '+ mandatory_gates.fresh: max_code_smells 9, enforcement WARNING',
  ]);
});

test('overrides are replaced only where the source has some', async () => {
  const overrides = 'gate_overrides: { enabled: false }\n';

  const kept = await edit(`${current}${overrides}`, gates);
  const replaced = await edit(current, `${gates}${overrides}`);

  expect(kept.text).toContain('enabled: false');
  expect(replaced.changes).toContain('~ gate_overrides: {"enabled":false}');
});

test('an empty config takes the gates too', async () => {
  const { text, changes } = await edit('', gates);

  expect((await parseConfig('f', text)).config).toEqual((await parseConfig('f', gates)).config);
  expect(changes).toEqual(['+ mandatory_gates.tests: max_failed_tests 0, enforcement BLOCKING']);
});

test('the same gates change not a byte', async () => {
  const oddly = `${gates}\n\n# end`;

  expect(await edit(oddly, gates)).toEqual({ text: oddly, changes: [] });
});

test('a source with other sections, without gates or with a mistake is refused', async () => {
  const refusals = await Promise.all(
    [`${gates}mode: shadow\n`, 'gate_overrides: {}\n', gates.replace('BLOCKING', 'MAYBE')].map((text) =>
      refusal(current, text),
    ),
  );

  expect(refusals).toMatchObject([
    { code: 'AQE1004', detail: 'the file holds mode; only deployment_gates and gate_overrides are taken' },
    { code: 'AQE1004', detail: 'the file has no deployment_gates' },
    { code: 'AQE1004', context: { path: 'gates.yaml', line: 5 } },
  ]);
});

test('a config that is broken is refused under its own name', async () => {
  expect(await refusal('mode: shadwo', gates)).toMatchObject({ code: 'AQE1004', context: { path: 'aqe-deploy.yaml' } });
});

test('whatever the two files are, the result has the gates of the one and the rest of the other', async () => {
  await fc.assert(
    fc.asyncProperty(config, config, async (one, other) => {
      const { deployment_gates } = other;

      const { text } = await edit(JSON.stringify(one, null, 2), JSON.stringify({ deployment_gates }));

      const parsed = await parseConfig('f', text);
      expect(parsed.config).toEqual(JSON.parse(JSON.stringify({ ...one, deployment_gates })));
    }),
    runs,
  );
});
