import type { GateDebt, ItemAttestation, StoredAssessment } from '../../src/ports/store.ts';

export function assessmentOf(id: string, over: Partial<StoredAssessment> = {}): StoredAssessment {
  return {
    id,
    service: 'shop',
    version: 'v2.5.0',
    environment: 'production',
    decision: 'APPROVED',
    status: 'APPROVED_WITH_WARNINGS',
    decisionDigest: 'sha256:0f',
    createdAt: '2026-03-01T12:00:00.000Z',
    body: '{"decision":"APPROVED"}\n',
    ...over,
  };
}

export function attestationOf(id: string, over: Partial<ItemAttestation> = {}): ItemAttestation {
  return {
    id,
    service: 'shop',
    version: 'v2.5.0',
    item: 'runbook-reviewed',
    by: 'Ada',
    identity: 'ada@build-7',
    note: 'read it twice',
    createdAt: '2026-03-01T12:00:00.000Z',
    ...over,
  };
}

export function debtOf(id: string, over: Partial<GateDebt> = {}): GateDebt {
  return {
    id,
    service: 'shop',
    version: 'v2.5.0',
    gate: 'performance',
    reason: 'hotfix',
    createdAt: '2026-03-01T12:00:00.000Z',
    ...over,
  };
}
