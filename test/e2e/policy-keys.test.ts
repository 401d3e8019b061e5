import { afterAll, describe, expect, test } from 'vitest';
import { aqe } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { emptyProject } from '../support/project.ts';

afterAll(removeTemporaryFolders);

/** A text with one mark before the word that is wrong; the place is worked out from the mark. */
function marked(text: string): { readonly text: string; readonly line: number; readonly column: number } {
  const before = text.slice(0, text.indexOf('»')).split('\n');
  expect(text.split('»')).toHaveLength(2);
  return { text: text.replace('»', ''), line: before.length, column: before.at(-1)!.length + 1 };
}

async function refusal(text: string): Promise<{ readonly code: number; readonly out: string; readonly words: string }> {
  const shop = emptyProject();
  shop.write('aqe-deploy.yaml', text);
  const { code, out, err } = await aqe(shop.root, ['config', 'print'], { columns: 200 });
  return { code, out, words: err.replace(/\s+/g, ' ') };
}

const gate = (body: string): string =>
  `deployment_gates:\n  mandatory_gates:\n    one:\n${body.replace(/^/gm, '      ')}\n`;
const below = (start: string, body: string): string => `${start}:\n${body.replace(/^/gm, '  ')}\n`;

const misspeltKeys: readonly (readonly [text: string, meant: string])[] = [
  ['»mdoe: shadow\n', 'mode'],
  ['service: shop\n»enviroment: production\n', 'environment'],
  ['»environmets: {}\n', 'environments'],
  ['»sevices: {}\n', 'services'],
  ['»deployment-gates: {}\n', 'deployment_gates'],
  ['»gate_override: {}\n', 'gate_overrides'],
  ['»aprovals: {}\n', 'approvals'],
  ['»emergancy: {}\n', 'emergency'],
  ['»waiver: []\n', 'waivers'],
  ['»freeze: []\n', 'freezes'],
  ['»peple: {}\n', 'people'],
  ['»role: {}\n', 'roles'],
  ['»gruops: {}\n', 'groups'],
  ['»keys_dir: keys\n', 'keys_directory'],
  ['»polcy: {}\n', 'policy'],
  ['»fast-track: {}\n', 'fast_track'],
  ['policy: { »reff: main }\n', 'ref'],
  ['policy:\n  ref: main\n  »on_chnage: report\n', 'on_change'],
  ['deployment_gates:\n  »mandatory: {}\n', 'mandatory_gates'],
  [gate('»min_line_coverge: 80\nenforcement: BLOCKING'), 'min_line_coverage'],
  [gate('max_failed_tests: 0\n»enforcment: BLOCKING'), 'enforcement'],
  [gate('max_failed_tests: 0\nenforcement: BLOCKING\n»mod: shadow'), 'mode'],
  [gate('max_failed_tests: 0\nenforcement: BLOCKING\n»minscore: 50'), 'min_score'],
  [gate('max_failed_tests: 0\nenforcement: BLOCKING\n»effective: 2030-01-01'), 'effective_on'],
  [gate('max_failed_tests: { »limt: 0 }\nenforcement: BLOCKING'), 'limit'],
  [gate('max_failed_tests:\n  limit: 0\n  »wieght: 2\nenforcement: BLOCKING'), 'weight'],
  [gate('min_line_coverage: { limit: 80, »when_mising: warn }\nenforcement: BLOCKING'), 'when_missing'],
  [gate('min_line_coverage: { limit: 80, when_missing: { »skp: no } }\nenforcement: BLOCKING'), 'skip'],
  [gate('min_line_coverage: { »chnge: ">= -1" }\nenforcement: BLOCKING'), 'change'],
  [gate('min_line_coverage: { change: ">= -1", »agianst: previous }\nenforcement: BLOCKING'), 'against'],
  [gate('min_grade: { limit: B, »weigth: 2 }\nenforcement: BLOCKING'), 'weight'],
  [
    'deployment_gates:\n  optional_gates:\n    one: { changelog_updatd: true, »enforcment: ADVISORY }\n'.replace(
      'changelog_updatd',
      'changelog_updated',
    ),
    'enforcement',
  ],
  [below('environments', 'staging: { »mod: shadow }'), 'mode'],
  [below('environments', 'staging:\n  »without_gate: [tests]'), 'without_gates'],
  [
    below('environments', `staging:\n${gate('»max_failed_test: 0\nenforcement: BLOCKING').replace(/^/gm, '  ')}`),
    'max_failed_tests',
  ],
  [below('environments', 'staging: { approvals: { »allow_autor: true } }'), 'allow_author'],
  [below('services', 'shop: { »waivrs: [] }'), 'waivers'],
  [below('services', 'shop:\n  environments:\n    production: { »emergncy: {} }'), 'emergency'],
  [below('services', 'shop: { fast_track: { »gate: [tests] } }'), 'gates'],
  ['gate_overrides: { »min_aprovals: 1 }\n', 'min_approvals'],
  ['gate_overrides:\n  »require_approval_from: [CTO]\n', 'requires_approval_from'],
  ['approvals: { »expire_after: 24h }\n', 'expires_after'],
  ['approvals:\n  required:\n    - { when: always, »form: [CTO] }\n', 'from'],
  ['approvals:\n  required:\n    - when: always\n      »cuont: 2\n', 'count'],
  ['approvals:\n  escalation:\n    - { after: 1h, to: [], »too: [] }\n'.replace('to: [], ', ''), 'to'],
  ['emergency: { »review_with: 72h }\n', 'review_within'],
  ['waivers:\n  - { gate: tests, reason: old, approver: ada, »expire: 2030-01-01 }\n', 'expires'],
  ['waivers:\n  - gate: tests\n    »reson: old\n    approver: ada\n    expires: 2030-01-01\n', 'reason'],
  ['waivers:\n  - { finding: CVE-1, reason: old, »aprover: ada, expires: 2030-01-01 }\n', 'approver'],
  ['freezes:\n  - { name: x, »zoen: Europe/Berlin, start: 2030-01-01T00:00, duration: 1h }\n', 'zone'],
  ['freezes:\n  - name: x\n    zone: UTC\n    start: 2030-01-01T00:00\n    »druation: 1h\n', 'duration'],
  [
    'freezes:\n  - { name: x, zone: UTC, start: 2030-01-01T00:00, end: 2030-01-02T00:00, »rule: FREQ=DAILY }\n',
    'rrule',
  ],
  ['people:\n  ada@example.com: { »alises: [] }\n', 'aliases'],
  ['people:\n  ada@example.com:\n    »keyss: []\n', 'keys'],
  ['evidence: { »requires_commit: true }\n', 'require_commit'],
  ['evidence:\n  limits: { »max_file: 3 }\n', 'max_files'],
  ['risk: { »metric: {} }\n', 'metrics'],
  ['risk:\n  metrics: { »line_covrage: { prior: 3 } }\n', 'line_coverage'],
];

describe('a misspelt key is an error at its place, with the key that was meant', () => {
  test.each(misspeltKeys)('%j means %s', async (text, meant) => {
    const { text: config, line, column } = marked(text);

    const { code, out, words } = await refusal(config);

    const key = /^\S+?(?=:|\s)/.exec(text.slice(text.indexOf('»') + 1))![0];
    expect([code, out]).toEqual([2, '']);
    expect(words).toContain('AQE1004');
    expect(words).toContain(`aqe-deploy.yaml:${line}:${column}`);
    expect(words).toContain(`unknown key ${JSON.stringify(key)}`);
    expect(words).toContain(`did you mean ${JSON.stringify(meant)}?`);
  });
});

const misspeltValues: readonly (readonly [text: string, meant: string])[] = [
  ['»mode: shadwo\n', 'shadow'],
  ['»mode: Enforce\n', 'enforce'],
  [gate('max_failed_tests: 0\n»enforcement: BLOKCING'), 'BLOCKING'],
  [gate('max_failed_tests: 0\n»enforcement: blocking'), 'BLOCKING'],
  [gate('max_failed_tests: 0\n»enforcement: WARN'), ''],
  [gate('max_failed_tests: 0\nenforcement: BLOCKING\n»mode: shadows'), 'shadow'],
  [gate('»min_grade: b\nenforcement: BLOCKING'), 'B'],
  [gate('min_grade: { »limit: a }\nenforcement: BLOCKING'), 'A'],
  [gate('max_code_smells: { limit: 1, »on: newcode }\nenforcement: BLOCKING'), 'new_code'],
  ['policy: { »on_change: aproval }\n', 'approval'],
  ['approvals:\n  required:\n    - { »when: alwys }\n', 'always'],
  ['approvals:\n  required:\n    - { »when: highrisk }\n', 'high-risk'],
  [below('environments', 'staging: { »mode: shaddow }'), 'shadow'],
  ['evidence:\n  files:\n    - { path: a.xml, »stage: units }\n', 'unit'],
];

describe('a misspelt value is an error at its place, with the value that was meant where one is near', () => {
  test.each(misspeltValues)('%j means %j', async (text, meant) => {
    const { text: config, line, column } = marked(text);

    const { code, out, words } = await refusal(config);

    expect([code, out]).toEqual([2, '']);
    expect(words).toContain(`aqe-deploy.yaml:${line}:${column}`);
    if (meant === '') expect(words).not.toContain('did you mean');
    else expect(words).toContain(`did you mean ${JSON.stringify(meant)}?`);
  });
});

test('there are enough of them', () => {
  expect(misspeltKeys.length).toBeGreaterThanOrEqual(40);
  expect(new Set(misspeltKeys.map(([text]) => text)).size).toBe(misspeltKeys.length);
});

describe('a gate cannot vanish', () => {
  test.each([
    [
      'by a name that the schema library passes over',
      gate('max_failed_tests: 0\nenforcement: BLOCKING').replace('one', '__proto__'),
    ],
    [
      'by being named twice',
      `${gate('max_failed_tests: 0\nenforcement: BLOCKING')}    one: { max_failed_tests: 9, enforcement: ADVISORY }\n`,
    ],
    ['by having nothing to ask', gate('enforcement: BLOCKING')],
    ['by having no enforcement', gate('max_failed_tests: 0')],
    ['by an empty criterion', gate('max_failed_tests:\nenforcement: BLOCKING')],
    ['by a criterion object that asks nothing', gate('max_failed_tests: { weight: 2 }\nenforcement: BLOCKING')],
    ['by a change that goes the wrong way', gate('min_line_coverage: "<= +10 %"\nenforcement: BLOCKING')],
  ])('%s', async (_, text) => {
    const { code, out, words } = await refusal(text);

    expect([code, out]).toEqual([2, '']);
    expect(words).toMatch(/AQE100[34]/);
    expect(words).toMatch(/aqe-deploy\.yaml:\d+:\d+/);
  });
});
