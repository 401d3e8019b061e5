import type { Edits } from './bundles.ts';

/** Replaces what has to be there. */
export const swapped = (from: string | RegExp, to: string) => (of: string) => {
  const changed = of.replace(from, to);
  if (changed === of) throw new Error(`there is no ${String(from)}`);
  return changed;
};
const linesOf = (change: (lines: readonly string[]) => readonly string[]) => (of: string) =>
  change(of.trimEnd().split('\n'))
    .map((line) => `${line}\n`)
    .join('');
const anyJson = (value: unknown) => () => JSON.stringify(value);
const part = (change: (value: Record<string, unknown>) => unknown) => (of: string) =>
  JSON.stringify(change(JSON.parse(of) as Record<string, unknown>));
const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** Bundles whose manifest fits them, although somebody changed them. */
export const edits: Readonly<Record<string, Edits>> = {
  'a kinder decision': { 'decision.json': swapped(/"exitCode": \d/, '"exitCode": 0,\n  "checked": 1') },
  'a decision of another time': { 'decision.json': swapped(/"createdAt": "20/, '"createdAt": "19') },
  'a decision with spaces': { 'decision.json': (of) => `${of} ` },
  'no decision': { 'decision.json': () => null },
  'a decision that is a list': { 'decision.json': anyJson([]) },
  'a decision that is nothing': { 'decision.json': anyJson(null) },
  'a decision that is no JSON': { 'decision.json': () => '{"id":' },
  'other answers': { 'answers.json': swapped(/"name": "Ada"/, '"name": "Eve"') },
  'a fresher file': { 'answers.json': swapped(/"modifiedAt": "20/, '"modifiedAt": "21') },
  'no answers': { 'answers.json': anyJson({}) },
  'answers of another shape': {
    'answers.json': part((of) => Object.fromEntries(Object.keys(of).map((key) => [key, 7]))),
  },
  'answers that are lists': {
    'answers.json': part((of) => Object.fromEntries(Object.keys(of).map((key) => [key, { gave: [] }]))),
  },
  'answers that are nothing': {
    'answers.json': part((of) => Object.fromEntries(Object.keys(of).map((key) => [key, { gave: null }]))),
  },
  'answers that are numbers': {
    'answers.json': part((of) => Object.fromEntries(Object.keys(of).map((key) => [key, { gave: 1e308 }]))),
  },
  'answers that are errors of no kind': {
    'answers.json': part((of) =>
      Object.fromEntries(Object.keys(of).map((key) => [key, { threw: { code: 'toString' } }])),
    ),
  },
  'answers that are errors': {
    'answers.json': part((of) =>
      Object.fromEntries(Object.keys(of).map((key) => [key, { threw: { code: 'AQE2011', detail: 'x', context: {} } }])),
    ),
  },
  'answers that are broken maps': {
    'answers.json': part((of) => Object.fromEntries(Object.keys(of).map((key) => [key, { gave: { '@map': [1] } }]))),
  },
  'answers in a list': { 'answers.json': anyJson([1]) },
  'answers that are deep': { 'answers.json': () => `{"a":${deep(200_000)}}` },
  'answers that are many': { 'answers.json': () => `{"a":[${'0,'.repeat(6_000_000)}0]}` },
  'answers with a prototype': {
    'answers.json': part((of) => ({ ...of, x: 1 })),
    'request.json': swapped('{', '{"__proto__":{"strict":true},'),
  },
  'answers that are no JSON': { 'answers.json': () => 'undefined' },
  'another policy': { 'policy.json': swapped(/"threshold": \d+/, '"threshold": 1') },
  'no policy': { 'policy.json': anyJson({}) },
  'a policy that is a list': { 'policy.json': anyJson([]) },
  'a policy that is deep': { 'policy.json': () => deep(200_000) },
  'a policy of wrong kinds': {
    'policy.json': part((of) =>
      Object.fromEntries(Object.entries(of).map(([key, value]) => [key, Array.isArray(value) ? {} : []])),
    ),
  },
  'a policy without gates': { 'policy.json': part((of) => ({ ...of, gates: [] })) },
  'other evidence': { 'evidence/reports/junit.xml': swapped('sells 1"', 'sells 9"') },
  'no evidence': { 'evidence/reports/junit.xml': () => null },
  'another request': { 'request.json': swapped('"strict": false', '"strict": true') },
  'a request at another time': { 'request.json': swapped(/"now": "20/, '"now": "21') },
  'a request at no time': { 'request.json': swapped(/"now": "[^"]*"/, '"now": "soon"') },
  'a request for another release': { 'request.json': swapped('"version": "v2.5.0"', '"version": "v2.5.1"') },
  'a request of another version of the program': {
    'request.json': swapped('"schemaVersion": "1"', '"schemaVersion": "2"'),
  },
  'a request that is a text': { 'request.json': anyJson('x') },
  'a request of wrong kinds': { 'request.json': swapped('"zone": {', '"zones": {') },
  'no request': { 'request.json': () => null },
  'no audit log': { 'audit.jsonl': () => '' },
  'an audit log that is gone': { 'audit.jsonl': () => null },
  'an audit log without its end': { 'audit.jsonl': linesOf((lines) => lines.slice(0, -1)) },
  'an audit log without an entry': { 'audit.jsonl': linesOf((lines) => [lines[0]!, ...lines.slice(2)]) },
  'an audit log in another order': { 'audit.jsonl': linesOf((lines) => lines.toReversed()) },
  'an audit log with an entry twice': { 'audit.jsonl': linesOf((lines) => [...lines, lines.at(-1)!]) },
  'an audit log with other words': { 'audit.jsonl': swapped('it is so', 'it is not') },
  'an audit log whose number are others': { 'audit.jsonl': swapped('"seq":2', '"seq":7') },
  'an audit log of another shape': { 'audit.jsonl': linesOf(() => ['{"seq":"1"}']) },
  'an audit log with more in a line': { 'audit.jsonl': swapped('{"seq":1', '{"more":0,"seq":1') },
  'an audit log that is no JSON': { 'audit.jsonl': () => 'x\n' },
  'no manifest': { 'manifest.json': () => null },
  'a manifest without lists': { 'manifest.json': anyJson({ schemaVersion: '1' }) },
  'a manifest of another version': { 'manifest.json': anyJson({ schemaVersion: '2', texts: [], evidence: [] }) },
  'a manifest that names nothing': { 'manifest.json': anyJson({ schemaVersion: '1', texts: [], evidence: [] }) },
  'a manifest that names what is not there': {
    'manifest.json': part((of) => ({
      ...of,
      texts: [...(of['texts'] as object[]), { name: 'more.json', sha256: '' }],
    })),
  },
  'a manifest with other digests': { 'manifest.json': swapped(/"sha256": "[0-9a-f]{4}/, '"sha256": "0000') },
  'a manifest that does not know a file': {
    'manifest.json': part((of) => ({ ...of, evidence: (of['evidence'] as object[]).slice(1) })),
  },
  'a manifest of wrong kinds': { 'manifest.json': part((of) => ({ ...of, texts: [1] })) },
  'a manifest with a prototype': { 'manifest.json': swapped('{', '{"__proto__":{},') },
  'a manifest that is deep': { 'manifest.json': () => deep(200_000) },
};
