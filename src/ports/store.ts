import type { Word } from '../core/approval/word.ts';
import type { AuditEntry, AuditEvent } from '../core/audit/event.ts';

/** One assessment as kept. `body` is its JSON exactly as it was printed. */
export interface StoredAssessment {
  readonly id: string;
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  readonly decision: string;
  readonly status: string;
  readonly decisionDigest: string;
  /** ISO-8601 UTC. */
  readonly createdAt: string;
  readonly body: string;
}

/** A person's word on a checklist item. The identity is what the operating system says and is not verified. */
export interface ItemAttestation {
  readonly id: string;
  readonly service: string;
  readonly version: string;
  readonly item: string;
  readonly by: string;
  readonly identity: string;
  readonly note: string;
  readonly createdAt: string;
}

/** A gate that a fast-track release left out: owed until an assessment of the same service shows it closed again. */
export interface GateDebt {
  readonly id: string;
  readonly service: string;
  readonly version: string;
  readonly gate: string;
  readonly reason: string;
  readonly createdAt: string;
}

/** Somebody asked for approval of one decision. */
export interface ApprovalRequest {
  readonly id: string;
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  readonly decisionDigest: string;
  /** Person as the policy knows them, or a claim. */
  readonly requestedBy: string;
  readonly identity: string;
  /** JSON array of addresses. */
  readonly recipients: string;
  readonly comment: string;
  readonly expiresAt: string;
  readonly createdAt: string;
}

/** A person's word on one decision. What it is worth is worked out anew whenever it is used (core/approval). */
export type ApprovalRecord = Word;

/** A review that an emergency approval owes, and its end: `state` is `open` or `done`. */
export interface ReviewRecord {
  readonly id: string;
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  /** Id of the emergency approval. */
  readonly approval: string;
  readonly state: string;
  readonly dueAt: string;
  readonly by: string;
  readonly identity: string;
  readonly note: string;
  readonly createdAt: string;
}

/** A message that has to reach somebody: at least once, under an id that stays the same. */
export interface OutboxMessage {
  readonly id: string;
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  /** `approval-request`, `emergency-approval` … */
  readonly kind: string;
  /** JSON array of addresses; empty for channels that have none. */
  readonly recipients: string;
  readonly subject: string;
  readonly text: string;
  /** JSON for machines. */
  readonly data: string;
  readonly createdAt: string;
}

/** One attempt to deliver a message by one notifier. */
export interface Delivery {
  readonly id: string;
  readonly service: string;
  readonly message: string;
  readonly notifier: string;
  /** delivered | failed */
  readonly outcome: string;
  readonly detail: string;
  readonly createdAt: string;
}

/** A signed statement exactly as it was signed. */
export interface StoredEnvelope {
  /** Id of the assessment it states. */
  readonly id: string;
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  readonly decisionDigest: string;
  readonly createdAt: string;
  readonly envelope: string;
}

/** One statement about one deployment (core/history/outcome). `facts` is JSON. */
export interface OutcomeRecord {
  readonly id: string;
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  readonly deployment: string;
  readonly outcome: string;
  readonly deployedAt: string;
  readonly basis: string;
  readonly source: string;
  readonly reason: string;
  /** Who stated it: a person as they say, and the account they used. */
  readonly by: string;
  readonly identity: string;
  readonly facts: string;
  readonly createdAt: string;
}

/** What was learned from the outcomes of a service in an environment. */
export interface ModelRecord {
  readonly id: string;
  readonly service: string;
  readonly environment: string;
  /** Digest of all that it was learned from. */
  readonly trainingDigest: string;
  /** Id of the newest statement that it knows; empty: none. */
  readonly newestOutcome: string;
  readonly createdAt: string;
  /** JSON. */
  readonly body: string;
}

/** The tables. Every field is text; every record has an id that is unique in its table. */
export interface StoreRecords {
  readonly assessments: StoredAssessment;
  readonly attestations: ItemAttestation;
  readonly debts: GateDebt;
  readonly requests: ApprovalRequest;
  readonly approvals: ApprovalRecord;
  readonly reviews: ReviewRecord;
  readonly messages: OutboxMessage;
  readonly deliveries: Delivery;
  readonly envelopes: StoredEnvelope;
  readonly outcomes: OutcomeRecord;
  readonly models: ModelRecord;
}
export type RecordTableName = keyof StoreRecords;

/** Records to add, by table. */
export type NewRecords = { readonly [T in RecordTableName]?: readonly StoreRecords[T][] };

export interface RecordQuery {
  readonly service: string;
  /** Not for tables without that field. */
  readonly version?: string;
  readonly environment?: string;
  /** Oldest first if absent. Of one instant, the order of saving. */
  readonly order?: 'oldest' | 'newest';
  readonly limit?: number;
  /** Id of a record: only those behind it in the order, which is how much is read in pages. None behind one that is not there. */
  readonly after?: string;
}

/**
 * Everything the product remembers. Rows are only added, never changed. Ids are unique; saving one again is an error.
 * @throws AqeError 6xxx.
 */
export interface Store {
  /**
   * One transaction: the records, and an entry of the audit log for each event. After it returns all of it survives a crash;
   * if it throws nothing of it stands. The entries name the records. At least one event.
   */
  commit(records: NewRecords, events: readonly [AuditEvent, ...AuditEvent[]]): Promise<readonly AuditEntry[]>;
  find<T extends RecordTableName>(table: T, query: RecordQuery): Promise<readonly StoreRecords[T][]>;
  /** Entries in order, beginning behind `after` (0: all), at most `limit` (1,000 if absent). */
  auditLog(query?: { readonly after?: number; readonly limit?: number }): Promise<readonly AuditEntry[]>;
  /** The newest entry; null for an empty log. */
  auditHead(): Promise<AuditEntry | null>;
  /** Integrity as the database itself sees it, and seals of all records; an empty list is good. */
  check(): Promise<readonly string[]>;
  close(): Promise<void>;
}
