import { afterEach, beforeEach, expect, test } from 'vitest';
import { auditedFolder, type AuditedFolder } from '../../test/support/audited.ts';
import { approvalOf, assessmentOf, eventOf } from '../../test/support/stored-records.ts';
import { systemIdentity } from '../adapters/system/identity.ts';
import type { ExportRow } from '../core/audit/export-row.ts';
import { exportAudit } from './export-audit.ts';

let place: AuditedFolder;

beforeEach(() => {
  place = auditedFolder();
});

afterEach(() => place.remove());

const decisionDigest = 'd1'.repeat(32);
const evidence = [
  { state: 'measured', takenAt: '2026-03-01T10:00:00.000Z' },
  { state: 'measured', takenAt: '2026-03-01T09:00:00.000Z' },
  { state: 'stale', takenAt: '2025-01-01T00:00:00.000Z' },
  { state: 'measured', takenAt: null },
];
const body = JSON.stringify({
  change: {
    head: { commit: 'c0ffee' },
    authors: [
      { name: 'Ada', email: 'ada@example.test' },
      { name: 'Lin', email: 'lin@example.test' },
    ],
  },
  evidence,
});

const exported = (range: { readonly from?: string; readonly to?: string } = {}): Promise<readonly ExportRow[]> =>
  place.withStore((store) =>
    exportAudit(
      { store, identity: systemIdentity },
      {
        from: range.from === undefined ? null : new Date(range.from),
        to: range.to === undefined ? null : new Date(range.to),
      },
    ),
  );

test('an entry has the authors, approvers and evidence times of its decision, also where it does not say so itself', async () => {
  const ofDecision = { decisionDigest };
  await place.withStore((store) =>
    store.commit(
      {
        assessments: [
          assessmentOf('a0', { body: '{"change":null,"evidence":[]}' }),
          assessmentOf('a1', { ...ofDecision, body }),
        ],
        approvals: [
          approvalOf('p1', { ...ofDecision, person: 'grace', identity: 'ed25519:0a' }),
          approvalOf('p2', { ...ofDecision, person: 'joan', kind: 'override' }),
          approvalOf('p3', { ...ofDecision, person: 'kay' }),
          approvalOf('p4', { ...ofDecision, person: 'kay', kind: 'withdraw', target: 'p3' }),
          approvalOf('p5', { ...ofDecision, person: 'liz', kind: 'reject' }),
          approvalOf('p6', { person: 'mia', decisionDigest: 'other' }),
        ],
      },
      [
        eventOf('e1', ofDecision),
        eventOf('e2', { ...ofDecision, details: { approvers: 'as recorded' } }),
        eventOf('e3', { decisionDigest: null }),
      ],
    ),
  );

  const [first, second, third] = await exported();

  expect(first).toMatchObject({
    authors: 'Ada <ada@example.test>; Lin <lin@example.test>',
    approvers: 'grace (ed25519:0a); joan (unverified (os user grace))',
    evidenceEarliest: '2026-03-01T09:00:00.000Z',
    evidenceLatest: '2026-03-01T10:00:00.000Z',
    decisionDigest,
  });
  expect(second?.approvers).toBe('as recorded');
  expect(third).toMatchObject({ authors: '', approvers: '', evidenceEarliest: '', decisionDigest: '' });
});

test('a time that an export begins with is in it, the one that ends it is not', async () => {
  const hours = ['08', '09', '10'];
  for (const hour of hours)
    await place.withStore((store) => store.commit({}, [eventOf(`e${hour}`, { at: `2026-03-01T${hour}:00:00.000Z` })]));

  const rows = await exported({ from: '2026-03-01T08:00:00Z', to: '2026-03-01T10:00:00Z' });

  expect(rows.map(({ seq }) => seq)).toEqual(['1', '2']);
});
