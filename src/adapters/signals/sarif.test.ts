import { describe, expect, test } from 'vitest';
import { sarif } from './sarif.ts';
import { scannerNamed } from './shared/scanners.ts';

const limit = 65_536;

describe('a SARIF log is known by its content', () => {
  const long = 'x'.repeat(2 * limit);

  test.each([
    ['the schema first', `{"$schema": "https://example.test/sarif-2.1.0.json", "runs": [{"results": ["${long}`],
    ['the runs before the version, results first', `{"runs": [{"results": [{"message": {"text": "${long}`],
    ['the runs before the version, the tool first', `{"runs": [{"tool": {"driver": {"name": "Any", "rules": ["${long}`],
    ['no runs at all', '{"version": "2.1.0", "runs": []}'],
  ])('with %s', (_, text) => {
    const claimed = sarif.detects({ path: 'report.json', text: text.slice(0, limit) });

    expect(claimed).toBe(true);
  });

  test.each(['{"runs": 3}', '{"version": "2.1.0"}', '[{"runs": []}]', '{"results": []}'])('%s is none', (text) => {
    const claimed = sarif.detects({ path: 'report.sarif', text });

    expect(claimed).toBe(false);
  });
});

test.each([
  ['Semgrep OSS', 'code'],
  ['Snyk Open Source', 'dependencies'],
  ['SnykCode', 'code'],
  ['OSV-Scanner', 'dependencies'],
  ['Checkov', 'configuration'],
  ['ESLint', undefined],
  ['constructor', undefined],
])('the tool %s scans for %s', (name, scope) => {
  const scanner = scannerNamed(name);

  expect(scanner?.scope).toBe(scope);
});

test('a log of many results is read whole and lists the worst', () => {
  const rules = [{ id: 'R', defaultConfiguration: { level: 'note' } }];
  const results = Array.from({ length: 3000 }, (_, at) => ({
    ruleId: 'R',
    level: at === 2999 ? 'error' : null,
    message: { text: `${at}` },
  }));
  const session = sarif.open({ path: 'r.sarif' });
  session.push(JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 'Any', rules } }, results }] }));

  const [fact] = session.finish().facts;

  expect(fact).toMatchObject({ kind: 'code-issues', counts: { high: 1, low: 2999 } });
  expect(fact?.kind === 'code-issues' && fact.items.length).toBe(1000);
  expect(fact?.kind === 'code-issues' && fact.items[0]?.message).toBe('2999');
});
