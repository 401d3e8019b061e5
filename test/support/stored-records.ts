import type { AuditEvent } from '../../src/core/audit/event.ts';
import type {
  ApprovalRecord,
  ApprovalRequest,
  Delivery,
  GateDebt,
  ItemAttestation,
  NewRecords,
  OutboxMessage,
  RecordTableName,
  ReviewRecord,
  StoredAssessment,
  ModelRecord,
  OutcomeRecord,
  StoredEnvelope,
  StoreRecords,
} from '../../src/ports/store.ts';

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

const ofRelease = { service: 'shop', version: 'v2.5.0', environment: 'production' } as const;
const createdAt = '2026-03-01T12:00:00.000Z';

function requestOf(id: string, over: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    id,
    ...ofRelease,
    decisionDigest: '0f',
    requestedBy: 'ada',
    identity: 'os user ada',
    recipients: '["grace@example.test"]',
    comment: 'please',
    expiresAt: '2026-03-02T12:00:00.000Z',
    createdAt,
    ...over,
  };
}

export function approvalOf(id: string, over: Partial<ApprovalRecord> = {}): ApprovalRecord {
  return {
    id,
    ...ofRelease,
    decisionDigest: '0f',
    kind: 'approve',
    target: '',
    person: 'grace',
    identity: 'unverified (os user grace)',
    comment: 'read the report',
    expiresAt: '2026-03-02T12:00:00.000Z',
    createdAt,
    envelope: '',
    ...over,
  };
}

function reviewOf(id: string, over: Partial<ReviewRecord> = {}): ReviewRecord {
  return {
    id,
    ...ofRelease,
    approval: 'p1',
    state: 'open',
    dueAt: '2026-03-04T12:00:00.000Z',
    by: 'ada',
    identity: 'os user ada',
    note: '',
    createdAt,
    ...over,
  };
}

export function messageOf(id: string, over: Partial<OutboxMessage> = {}): OutboxMessage {
  return {
    id,
    ...ofRelease,
    kind: 'approval-request',
    recipients: '["grace@example.test"]',
    subject: 'shop v2.5.0 waits for you',
    text: 'It waits.',
    data: '{}',
    createdAt,
    ...over,
  };
}

function deliveryOf(id: string, over: Partial<Delivery> = {}): Delivery {
  const fixed = { service: 'shop', message: 'm1', notifier: 'email', outcome: 'delivered', detail: '250 ok' };
  return { id, ...fixed, createdAt, ...over };
}

function envelopeOf(id: string, over: Partial<StoredEnvelope> = {}): StoredEnvelope {
  return { id, ...ofRelease, decisionDigest: '0f', createdAt, envelope: '{"payload":""}', ...over };
}

export function outcomeOf(id: string, over: Partial<OutcomeRecord> = {}): OutcomeRecord {
  return {
    id,
    ...ofRelease,
    deployment: 'v2.5.0',
    outcome: 'success',
    deployedAt: '2026-03-01T10:00:00.000Z',
    basis: 'observed',
    source: 'recorded',
    reason: '',
    by: 'ada',
    identity: 'os user ada',
    facts: '{}',
    createdAt,
    ...over,
  };
}

function modelOf(id: string, over: Partial<ModelRecord> = {}): ModelRecord {
  const { service, environment } = ofRelease;
  return { id, service, environment, trainingDigest: '0f', newestOutcome: 'o1', createdAt, body: '{}', ...over };
}

/** One maker of records a table. */
export const recordOf = {
  assessments: assessmentOf,
  attestations: attestationOf,
  debts: debtOf,
  requests: requestOf,
  approvals: approvalOf,
  reviews: reviewOf,
  messages: messageOf,
  deliveries: deliveryOf,
  envelopes: envelopeOf,
  outcomes: outcomeOf,
  models: modelOf,
} as const satisfies { readonly [T in RecordTableName]: (id: string) => StoreRecords[T] };

/** One record of every table. */
export function oneOfEach(id: string): Required<NewRecords> {
  const made = Object.entries(recordOf).map(([table, make]) => [table, [make(id)]] as const);
  return Object.fromEntries(made) as unknown as Required<NewRecords>;
}

export function eventOf(id: string, over: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id,
    at: createdAt,
    action: 'assessment.recorded',
    outcome: 'done',
    actor: { id: 'os user ada', method: 'os-user', key: null },
    ...ofRelease,
    target: '',
    decisionDigest: '0f',
    reason: 'every gate is open',
    details: {},
    ...over,
  };
}
