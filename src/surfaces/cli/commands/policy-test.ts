import { testPolicy, type TestedCase } from '../../../app/test-policy.ts';
import { short } from '../../../core/report/encode.ts';
import { plural } from '../../../core/signal/format.ts';
import { command, formatFlag, jsonFlag, outputFlags, projectFlags } from '../command.ts';
import { page } from '../render/page.ts';
import { styleFor, type Style } from '../style.ts';
import { deliver, ending, json, projectOf, wantsJson } from './assessing.ts';

export const policyTestCommand = command({
  name: 'policy test',
  under: 'deploy',
  summary: 'Run cases against the policy: signals in, expected decision out.',
  description:
    'A file of cases says which values the metrics have and what the policy has to make of them, before anybody approved anything. A metric that a case does not name is missing, or with `others: good` as good as can be.',
  examples: ['aqe deploy policy test policy-cases.yaml', 'aqe deploy policy test cases/*.yaml --format json'],
  flags: { ...projectFlags, format: formatFlag('text', 'json'), ...jsonFlag, ...outputFlags },
  positional: { name: 'file', summary: 'YAML files of cases.', required: true, many: true },
  exits: { 0: 'every case passes', 1: 'a case fails' },
  async run({ flags, positionals }, { io, open }) {
    const workspace = await open(projectOf(flags));
    const tested = await testPolicy(workspace, positionals);
    const failed = tested.filter(({ passed }) => !passed).length;
    const text = wantsJson(flags)
      ? json({
          schemaVersion: '1',
          policySource: workspace.policySource,
          cases: tested.length,
          failed,
          results: tested.map(({ case: { name, expect }, ...result }) => ({ name, expect, ...result })),
        })
      : testPage(tested, styleFor(io, flags.ascii));
    await deliver(text, flags.output, workspace, io);
    return ending(failed > 0 ? 1 : 0, io);
  },
});

function testPage(tested: readonly TestedCase[], style: Style): string {
  const out = page(style);
  for (const { place, passed, mismatches, case: asked, got } of tested) {
    out.mark(passed ? 'pass' : 'fail', `${short(asked.name, 200)}: ${got.status}${passed ? '' : ` (${place})`}`, {
      at: 0,
    });
    for (const { what, expected, got: actual, why } of mismatches)
      out.line(`    ${what}: expected ${expected}, got ${actual}; ${short(why, 600)}`);
  }
  const failed = tested.filter(({ passed }) => !passed).length;
  out.line(`${plural(tested.length, 'case')}, ${failed === 0 ? 'all pass' : `${failed} failed`}`);
  return out.text();
}
