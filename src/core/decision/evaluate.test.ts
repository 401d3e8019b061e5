import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  absent,
  contextOf,
  change,
  defaultPolicy,
  goodSignals,
  inputOf,
  objection,
  policy,
  record,
  reports,
  runs,
  signalsAndOne,
  singleReports,
  unusable,
} from '../../../test/support/arbitraries.ts';
import { coverage } from '../../../test/support/fact-arbitraries.ts';
import type { EvidenceRecord } from '../evidence/evidence.ts';
import { evaluate, judge, type Judgement } from './evaluate.ts';

const many = { numRuns: 600 } as const;
const fastTrack = fc.boolean();
type Judged = Judgement;

/** The later evaluation speaks at least as much against the release, opens no gate and has no better worst case. */
function expectNoBetter(before: Judged, after: Judged): void {
  expect(objection(after.verdict.status)).toBeGreaterThanOrEqual(objection(before.verdict.status));
  expect(after.risk.interval.worst).toBeGreaterThanOrEqual(before.risk.interval.worst);
  const opened = after.gates.gateResults.filter(
    (gate, index) => gate.passed && !before.gates.gateResults[index]!.passed,
  );
  expect(opened).toEqual([]);
}

test('a signal that is measured no more never improves the outcome', () => {
  fc.assert(
    fc.property(policy, signalsAndOne, fastTrack, (of, { set, metric }, fast) => {
      const before = judge(set, contextOf({ policy: of, fastTrack: fast }));
      const after = judge({ ...set, [metric]: absent(metric) }, contextOf({ policy: of, fastTrack: fast }));

      expectNoBetter(before, after);
    }),
    { numRuns: 3000 },
  );
});

/** One of the reports, and what it can turn into: nothing, or a record in another state. */
const loss = fc.record({
  at: fc.nat(),
  into: fc.constantFrom('deleted' as const, 'stale' as const, 'unreadable' as const, 'missing' as const),
});

function without(evidence: readonly EvidenceRecord[], { at, into }: { at: number; into: string }) {
  if (evidence.length === 0) return evidence;
  const index = at % evidence.length;
  return into === 'deleted'
    ? evidence.toSpliced(index, 1)
    : evidence.with(index, unusable(evidence[index]!, into as 'stale'));
}

test('the only report of its kinds that is lost, stale or unreadable never improves the outcome', () => {
  fc.assert(
    fc.property(policy, singleReports, change, loss, fastTrack, (of, evidence, released, lost, fast) => {
      const context = { policy: of, change: released, fastTrack: fast };

      const before = evaluate(inputOf(evidence, context));
      const after = evaluate(inputOf(without(evidence, lost), context));

      expectNoBetter(before, after);
    }),
    many,
  );
});

test('one of several reports of a kind that becomes stale, unreadable or missing never improves the outcome', () => {
  fc.assert(
    fc.property(
      policy,
      reports,
      fc.nat(),
      fc.constantFrom('stale', 'unreadable', 'missing'),
      (of, evidence, at, into) => {
        const before = evaluate(inputOf(evidence, { policy: of }));
        const after = evaluate(inputOf(without(evidence, { at, into }), { policy: of }));

        expectNoBetter(before, after);
      },
    ),
    many,
  );
});

test('losing every measured report of a kind never improves the outcome', () => {
  fc.assert(
    fc.property(policy, reports, fc.nat(), (of, evidence, at) => {
      const usable = evidence.filter(({ state }) => state === 'measured');
      const kind = usable[at % Math.max(1, usable.length)]?.kinds[0];

      const before = evaluate(inputOf(usable, { policy: of }));
      const after = evaluate(
        inputOf(
          usable.filter(({ kinds }) => kinds[0] !== kind),
          { policy: of },
        ),
      );

      expectNoBetter(before, after);
    }),
    many,
  );
});

test('the order of the evidence changes neither signals nor gates nor risk nor verdict', () => {
  const shuffled = reports.chain((evidence) =>
    fc.tuple(
      fc.constant(evidence),
      fc.shuffledSubarray([...evidence], { minLength: evidence.length, maxLength: evidence.length }),
    ),
  );
  fc.assert(
    fc.property(policy, shuffled, (of, [one, other]) => {
      const { checklist: _, ...first } = evaluate(inputOf(one, { policy: of }));
      const { checklist: __, ...second } = evaluate(inputOf(other, { policy: of }));

      expect(second).toEqual(first);
    }),
    runs,
  );
});

test('the same input gives the same evaluation and is not changed by it', () => {
  fc.assert(
    fc.property(policy, reports, change, (of, evidence, released) => {
      const input = inputOf(evidence, { policy: of, change: released });
      const copy = structuredClone(input);

      const first = evaluate(input);
      const second = evaluate(copy);

      expect(second).toEqual(first);
      expect(copy).toEqual(input);
    }),
    runs,
  );
});

// A report that nobody expects and that is deleted leaves no trace: only naming it in the config makes its absence count.
test('of several coverage reports the lowest counts, and without it the next one does', () => {
  const [low, high] = [0, 1].map((part) =>
    record(`reports/${part}`, [{ ...fc.sample(coverage, 1)[0]!, files: [], lines: { part, whole: 1 } }]),
  );

  const both = evaluate(inputOf([low!, high!])).signals.line_coverage;
  const one = evaluate(inputOf([high!])).signals.line_coverage;

  expect(both).toMatchObject({ state: 'measured', signal: { value: 0, sources: ['reports/0'] } });
  expect(one).toMatchObject({ state: 'measured', signal: { value: 100 } });
});

test('one critical vulnerability leaves the risk low and blocks the release all the same', () => {
  const set = goodSignals({ critical_vulnerabilities: 1, vulnerability_count: 1, severity_score: 10 });

  const { risk, verdict } = judge(set, contextOf({ policy: defaultPolicy, fastTrack: false }));

  expect(risk.level).toBe('LOW');
  expect(verdict.decision).toBe('BLOCKED');
});

test('a fast-track leaves out the other gates, says so, and keeps those it names', () => {
  const set = goodSignals({ line_coverage: 0, critical_vulnerabilities: 0 });

  const fast = judge(set, contextOf({ policy: defaultPolicy, fastTrack: true }));
  const usual = judge(set, contextOf({ policy: defaultPolicy, fastTrack: false }));
  const insecure = judge({ ...set, ...pickOne() }, contextOf({ policy: defaultPolicy, fastTrack: true }));

  expect(usual.verdict.decision).toBe('BLOCKED');
  expect(fast.verdict.status).toBe('APPROVED_WITH_WARNINGS');
  expect(fast.verdict.rules.map(({ rule }) => rule)).toContain('gates-skipped');
  expect(insecure.verdict.decision).toBe('BLOCKED');
});

function pickOne() {
  const { critical_vulnerabilities } = goodSignals({ critical_vulnerabilities: 1 });
  return { critical_vulnerabilities };
}

test('a recorded attestation measures the metric that it stands for, and is marked as unverified', () => {
  const attestation = {
    item: 'stakeholder-signoff',
    by: 'Ada',
    identity: 'ada',
    note: '',
    createdAt: '2026-03-01T10:00:00Z',
  };

  const { signals: set } = evaluate(inputOf([], { attestations: [attestation] }));

  expect(set.stakeholder_signoff).toMatchObject({
    state: 'measured',
    signal: {
      value: 1,
      sources: ['attestation:stakeholder-signoff'],
      basis: 'attested by Ada (identity not verified)',
    },
  });
});
