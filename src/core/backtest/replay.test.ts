import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decision } from '../decision/decide.ts';
import { outcomes } from '../history/outcome.ts';
import { matcher } from './match.ts';
import { recordedDecisions, replayOf, type ReplayedRelease } from './replay.ts';

const release = (over: Partial<ReplayedRelease> = {}): ReplayedRelease => ({
  version: 'v1',
  deployment: 'd1',
  deployedAt: '2026-03-02T10:00:00.000Z',
  outcome: 'success',
  recorded: 'APPROVED',
  judged: 'APPROVED',
  reason: null,
  ...over,
});

describe('a deployment', () => {
  const at = (day: number, decisionDigest = 'a', version = 'v1') => ({
    version,
    createdAt: `2026-03-0${day}T10:00:00.000Z`,
    decisionDigest,
  });
  const deployed = (day: number, decisionDigest?: string, version = 'v1') => ({
    version,
    deployedAt: `2026-03-0${day}T10:00:00Z`,
    facts: decisionDigest === undefined ? {} : { decisionDigest },
  });
  const kept = [at(5, 'c'), at(4, 'x', 'v2'), at(3, 'b'), at(1, 'a')];

  test('goes with the newest assessment of its version from before it, of the same instant too', () => {
    expect(matcher(kept)(deployed(4)).assessment).toBe(kept[2]);
    expect(matcher(kept)(deployed(3)).assessment).toBe(kept[2]);
    expect(matcher(kept)(deployed(2)).assessment).toBe(kept[3]);
  });

  test('goes with the assessment that its digest names', () => {
    expect(matcher(kept)(deployed(4, 'a')).assessment).toBe(kept[3]);
  });

  test.each([
    ['nobody assessed', deployed(4, undefined, 'v9'), 'no assessment is kept'],
    ['that was assessed too late', deployed(3, undefined, 'v2'), 'assessed only after the deployment'],
    ['whose decision is lost', deployed(9, 'z'), 'the assessment of the decision is not kept'],
    ['whose decision came later', deployed(4, 'c'), 'the assessment of the decision is not kept'],
  ])('%s has none, with the reason', (_, each, reason) => {
    expect(matcher(kept)(each)).toEqual({ assessment: null, reason });
  });
});

describe('a replay', () => {
  const releases = [
    release({ version: 'v6', outcome: 'rolled-back', judged: 'BLOCKED' }),
    release({ version: 'v5', judged: 'BLOCKED' }),
    release({ version: 'v4', outcome: 'failed', recorded: 'BLOCKED' }),
    release({ version: 'v3', judged: 'PENDING_APPROVAL', outcome: 'hotfixed' }),
    release({ version: 'v2', recorded: null }),
    release({ version: 'v1', judged: null, reason: 'no assessment is kept' }),
  ];

  test('counts what the policy would have blocked and passed, by how it ended', () => {
    const { verdicts, blocked } = replayOf(releases);

    expect(verdicts).toMatchObject({ n: 5, trueBlocks: 1, falseBlocks: 1, falsePasses: 1, truePasses: 1 });
    expect(verdicts.undecided).toEqual({ succeeded: 0, failed: 1 });
    expect(blocked.map(({ version }) => version)).toEqual(['v6', 'v5']);
  });

  test('sets the recorded decisions about the same releases beside it', () => {
    const { recordedOfSame, differing, summary } = replayOf(releases);

    expect(recordedOfSame).toMatchObject({ n: 4, trueBlocks: 1, falseBlocks: 0, falsePasses: 2, truePasses: 1 });
    expect(differing.map(({ version }) => version)).toEqual(['v6', 'v5', 'v4', 'v3']);
    expect(summary).toEqual([
      { before: 'APPROVED', after: 'BLOCKED', count: 2 },
      { before: 'BLOCKED', after: 'APPROVED', count: 1 },
      { before: 'APPROVED', after: 'PENDING_APPROVAL', count: 1 },
    ]);
  });

  test('names at most twenty of those that cannot be judged, and counts all', () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      release({ version: `v${index}`, judged: null, reason: 'no assessment is kept' }),
    );

    const { notJudged, verdicts } = replayOf(many);

    expect(notJudged).toMatchObject([{ reason: 'no assessment is kept', count: 30 }]);
    expect(notJudged[0]!.versions).toHaveLength(20);
    expect(verdicts.n).toBe(0);
  });

  test('of decisions counts what is not recorded', () => {
    const { verdicts, unknown } = recordedDecisions(releases);

    expect({ n: verdicts.n, unknown }).toEqual({ n: 5, unknown: 1 });
  });

  test('adds up, whatever was decided', () => {
    const decision = fc.constantFrom<Decision | null>('APPROVED', 'BLOCKED', 'INCONCLUSIVE', 'PENDING_APPROVAL', null);
    const any = fc
      .record({ outcome: fc.constantFrom(...outcomes), recorded: decision, judged: decision })
      .map((over) => release({ ...over, reason: over.judged === null ? 'why' : null }));

    fc.assert(
      fc.property(fc.array(any, { maxLength: 40 }), (all) => {
        const { verdicts, notJudged, differing, summary, blocked } = replayOf(all);
        const { trueBlocks, falseBlocks, truePasses, falsePasses, undecided, n } = verdicts;

        expect(trueBlocks + falseBlocks + truePasses + falsePasses + undecided.failed + undecided.succeeded).toBe(n);
        expect(n + notJudged.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
        expect(blocked).toHaveLength(trueBlocks + falseBlocks);
        expect(summary.reduce((sum, { count }) => sum + count, 0)).toBe(differing.length);
      }),
      { numRuns: 300 },
    );
  });
});
