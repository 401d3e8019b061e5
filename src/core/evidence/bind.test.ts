import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/support/arbitraries.ts';
import { bind, duration, type BindOptions, type Claims } from './bind.ts';

const [own, foreign, third] = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40)];
const now = Date.parse('2026-03-01T12:00:00Z');
const day = 86_400_000;
const clockTolerance = 5 * 60_000;
const iso = (time: number): string => new Date(time).toISOString();
const committedAt = iso(now - day);

const options: BindOptions = {
  release: { commit: own, committedAt },
  sameCommit: (name, commit) => commit.startsWith(name),
  maxAge: 7 * day,
  requireCommit: false,
  now: iso(now),
};
const claims: Claims = {
  reportCommit: null,
  reportTime: null,
  sidecar: null,
  configCommit: null,
  committed: null,
  beyondHistory: false,
  isStatement: false,
  modifiedAt: iso(now - 1000),
};

const commit = fc.constantFrom(null, own, own.slice(0, 9), foreign, third);
const time = fc.integer({ min: -30, max: 30 }).map((hours) => iso(now + hours * 3_600_000));
const anyClaims: fc.Arbitrary<Claims> = fc.record({
  reportCommit: commit,
  reportTime: fc.option(fc.oneof(time, fc.constantFrom('', 'yesterday', '2026-13-45T00:00:00Z'))),
  sidecar: fc.option(fc.record({ commit, sameSources: fc.boolean(), stampedAt: time })),
  configCommit: commit,
  committed: fc.option(fc.record({ commit: fc.constantFrom(own, foreign), committedAt: time })),
  beyondHistory: fc.boolean(),
  isStatement: fc.constant(false),
  modifiedAt: time,
});
const anyOptions: fc.Arbitrary<BindOptions> = fc.record({
  release: fc.option(fc.constant(options.release)),
  sameCommit: fc.constant(options.sameCommit),
  requireCommit: fc.boolean(),
  maxAge: fc.option(fc.nat(48).map((hours) => hours * 3_600_000)),
  now: fc.constant(options.now),
});

test('a report that names a foreign commit is stale whatever else is known of it', () => {
  fc.assert(
    fc.property(anyClaims, anyOptions, (known, of) => {
      const report = { ...known, reportCommit: foreign, sidecar: known.sidecar && { ...known.sidecar, commit: third } };

      const bound = bind(report, { ...of, release: options.release });

      expect(bound.state).toBe('stale');
    }),
    runs,
  );
});

test('any named foreign commit makes a report stale unless the sources at that commit are those of the release', () => {
  fc.assert(
    fc.property(anyClaims, anyOptions, (known, of) => {
      const named = [known.reportCommit, known.sidecar?.commit, known.configCommit];
      const vouched = known.sidecar?.sameSources ? known.sidecar.commit : null;
      const isForeign = named.some((name) => name && !own.startsWith(name) && name !== vouched);

      const bound = bind(known, { ...of, release: options.release });

      if (isForeign)
        expect(bound).toMatchObject({ state: 'stale', reason: expect.stringMatching(/^belongs to commit/) });
    }),
    runs,
  );
});

test('nothing is measured that is older than the limit, from the future or without a readable time', () => {
  fc.assert(
    fc.property(anyClaims, anyOptions, (known, of) => {
      const bound = bind(known, of);

      const age = Date.parse(of.now) - Date.parse(bound.takenAt);
      const usable = age >= -clockTolerance && (of.maxAge === null || age <= of.maxAge);
      if (!usable) expect(bound.state).toBe('stale');
      expect(bound.reason === '').toBe(bound.state === 'measured');
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['at the limit', 7 * day, 'measured'],
  ['beyond the limit', 7 * day + 1, 'stale'],
  ['ahead within the tolerance', -clockTolerance, 'measured'],
  ['ahead beyond the tolerance', -clockTolerance - 1, 'stale'],
] as const)('a report %s is %s', (_, age, state) => {
  const bound = bind({ ...claims, reportCommit: own, reportTime: iso(now - age) }, options);

  expect(bound.state).toBe(state);
});

test('a report whose time is no time is stale', () => {
  const bound = bind({ ...claims, reportCommit: own, reportTime: 'yesterday' }, { ...options, maxAge: null });

  expect(bound).toMatchObject({ state: 'stale', reason: 'dated with something that is not a time (yesterday)' });
});

test('without a limit age does not count', () => {
  const bound = bind({ ...claims, reportCommit: own, reportTime: iso(now - 3000 * day) }, { ...options, maxAge: null });

  expect(bound.state).toBe('measured');
});

test.each([
  ['report', { reportCommit: own }],
  ['report', { reportCommit: own.slice(0, 7) }],
  ['sidecar', { sidecar: { commit: own, sameSources: false, stampedAt: options.now } }],
  ['config', { configCommit: own }],
  ['sources', { sidecar: { commit: null, sameSources: true, stampedAt: options.now } }],
  ['sources', { sidecar: { commit: foreign, sameSources: true, stampedAt: options.now } }],
  ['sources', { reportCommit: foreign, sidecar: { commit: foreign, sameSources: true, stampedAt: options.now } }],
  ['history', { committed: { commit: own, committedAt } }],
  ['file-time', {}],
] as const)('a report is bound by %s: %j', (boundBy, known) => {
  const bound = bind({ ...claims, ...known }, options);

  expect(bound).toMatchObject({ state: 'measured', boundBy });
});

test('equal sources bind a report without names, however old its file is', () => {
  const sidecar = { commit: null, sameSources: true, stampedAt: options.now };

  const bound = bind({ ...claims, sidecar, modifiedAt: iso(now - 30 * day) }, options);

  expect(bound).toMatchObject({ state: 'measured', boundBy: 'sources' });
});

test('a tracked report belongs to the commit that brought it', () => {
  const bound = bind({ ...claims, committed: { commit: foreign, committedAt } }, options);

  expect(bound).toMatchObject({ state: 'stale', boundBy: 'history' });
  expect(bound.reason).toBe('was committed in bbbbbbbbb, the release is aaaaaaaaa');
});

test('a file without any name is stale if it was written before the commit of the release', () => {
  const writtenAt = (before: number) =>
    bind({ ...claims, modifiedAt: iso(Date.parse(committedAt) - before) }, options).state;

  expect([writtenAt(-1), writtenAt(clockTolerance), writtenAt(clockTolerance + 1)]).toEqual([
    'measured',
    'measured',
    'stale',
  ]);
});

test('outside version control only age counts', () => {
  const bound = bind({ ...claims, reportCommit: foreign }, { ...options, release: null });

  expect(bound).toMatchObject({ state: 'measured', boundBy: 'none', commit: foreign });
});

test('a tracked file whose commit a shallow clone does not hold is stale, unless its sources or a commit bind it', () => {
  const beyond = { ...claims, beyondHistory: true };

  const states = [beyond, { ...beyond, reportCommit: own }].map((known) => bind(known, options).state);

  expect(states).toEqual(['stale', 'measured']);
});

test('where a commit is asked for, a file time binds nothing', () => {
  fc.assert(
    fc.property(anyClaims, anyOptions, (known, of) => {
      const bound = bind(known, { ...of, requireCommit: true });

      if (bound.state === 'measured') expect(['file-time', 'none']).not.toContain(bound.boundBy);
    }),
    runs,
  );
});

test('a duration is shown in the largest unit of which there are two', () => {
  const shown = [-5, 999, 90_000, 120_000, 7_200_000, day, 2 * day].map(duration);

  expect(shown).toEqual(['0s', '0s', '90s', '2m', '2h', '24h', '2d']);
});

test.each([
  ['before the release, long ago', iso(now - 400 * day), 'measured'],
  ['with the release', committedAt, 'measured'],
  ['after the release', iso(now - 1000), 'stale'],
])('a statement that was committed %s is %s', (_, when, state) => {
  const statement = { ...claims, isStatement: true, committed: { commit: foreign, committedAt: when } };

  const bound = bind(statement, options);

  expect(bound).toMatchObject({ state, boundBy: 'history' });
});
