import { expect, test } from 'vitest';
import { npmAudit } from './npm-audit.ts';

const limit = 65_536;
const long = 'x'.repeat(2 * limit);

test.each([
  [
    'an audit whose actions are longer than the head',
    `{"actions": [{"resolves": [{"path": "a"}, {"path": "${long}`,
    true,
  ],
  [
    'an audit whose first advisory is longer than the head',
    `{"advisories": {"1": {"findings": [{"paths": ["a", "${long}`,
    true,
  ],
  ['an audit that found nothing', '{"advisories": {}, "metadata": {"vulnerabilities": {}}}', true],
  [
    'an audit of Composer, whose advisories are lists',
    '{"advisories": {"shop/cart": [{"advisoryId": "PKSA-1"}]}, "abandoned": []}',
    false,
  ],
  ['an audit of Composer that found nothing', '{"advisories": [], "abandoned": []}', false],
  ['an error of another service', '{"error": {"code": 404, "message": "no such page"}}', false],
])('%s is claimed or not by its content', (_, text, expected) => {
  const claimed = npmAudit.detects({ path: 'audit.json', text: text.slice(0, limit) });

  expect(claimed).toBe(expected);
});

test('packages that blame each other and no advisory are refused, not dropped', () => {
  const session = npmAudit.open({ path: 'audit.json' });
  session.push('{"auditReportVersion": 2, "vulnerabilities": {"a": {"via": ["b"]}, "b": {"via": ["a"]}}}');

  const refusal = (): unknown => session.finish();

  expect(refusal).toThrow(expect.objectContaining({ code: 'AQE2003' }));
});
