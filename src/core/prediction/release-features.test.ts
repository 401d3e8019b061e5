import { expect, test } from 'vitest';
import { goodSignals, absent } from '../../../test/support/arbitraries.ts';
import type { ReleaseChange } from '../evidence/change.ts';
import { localTime } from '../evidence/local-time.ts';
import { featuresOf, type ReleaseFacts } from './release-features.ts';

const change: ReleaseChange = {
  head: { commit: 'c'.repeat(40), committedAt: '2026-03-01T09:00:00Z', from: 'tag' },
  dirty: false,
  historyComplete: true,
  baseline: { commit: 'b'.repeat(40), ref: 'v1.0.0', committedAt: '2026-02-01T09:00:00Z' },
  daysSinceBaseline: 28,
  linesAdded: 120,
  linesDeleted: 30,
  filesChanged: 7,
  binaryFiles: 0,
  entropy: 0.8,
  directories: 3,
  modules: { touched: ['src/a'], total: 2 },
  dependencyLines: 0,
  commits: 4,
  authors: [
    { name: 'Ada', email: 'ada@example.com', commits: 3, priorCommits: 100 },
    { name: 'Grace', email: 'grace@example.com', commits: 1, priorCommits: 20 },
  ],
  kinds: { features: 1, fixes: 1, performance: 0, breaking: 0, other: 2 },
  highlights: [],
  projectLines: 1000,
  projectFiles: 20,
  changelogUpdated: null,
};

function facts(over: Partial<ReleaseFacts> & { readonly at?: string } = {}): ReleaseFacts {
  const now = over.at ?? '2026-03-03T10:00:00.000Z';
  return {
    change,
    signals: goodSignals(),
    localTime: localTime(now, { name: 'UTC', offsetMinutes: 0 }),
    now,
    lastDeployedAt: '2026-03-01T10:00:00.000Z',
    settings: { workingHours: { from: 9, to: 17 } },
    ...over,
  };
}

test('the change gives size, files, spread, share of fixes and experience', () => {
  expect(featuresOf(facts())).toMatchObject({
    change_size: 150,
    files_changed: 7,
    change_spread: 0.8,
    fix_share: 0.25,
    // (3 × 100 + 1 × 20) ÷ 4
    team_experience: 80,
    days_since_deployment: 2,
  });
});

test('a first release, a shallow clone and no repository are not compared with other changes', () => {
  const first = featuresOf(facts({ change: { ...change, baseline: null } }));
  const shallow = featuresOf(facts({ change: { ...change, historyComplete: false } }));
  const none = featuresOf(facts({ change: null }));

  for (const features of [first, none])
    expect(Object.keys(features)).not.toEqual(expect.arrayContaining(['change_size']));
  expect(shallow).toMatchObject({ change_size: 150 });
  expect(shallow).not.toHaveProperty('team_experience');
});

test('what nobody measured is absent, and no zero', () => {
  const features = featuresOf(
    facts({
      signals: goodSignals({
        line_coverage: absent('line_coverage'),
        high_vulnerabilities: absent('high_vulnerabilities'),
      }),
      lastDeployedAt: null,
    }),
  );

  expect(features).not.toHaveProperty('test_coverage');
  expect(features).not.toHaveProperty('vulnerabilities');
  expect(features).not.toHaveProperty('days_since_deployment');
});

test.each([
  ['Tuesday at ten', '2026-03-03T10:00:00.000Z', 0, 0],
  ['Tuesday just before nine', '2026-03-03T08:59:00.000Z', 1, 0],
  ['Tuesday at five', '2026-03-03T17:00:00.000Z', 1, 0],
  ['Friday at ten', '2026-03-06T10:00:00.000Z', 0, 1],
  ['Sunday at ten', '2026-03-08T10:00:00.000Z', 1, 1],
])('%s', (_, at, offHours, endOfWeek) => {
  expect(featuresOf(facts({ at }))).toMatchObject({ off_hours: offHours, end_of_week: endOfWeek });
});
