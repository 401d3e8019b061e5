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

export interface AssessmentQuery {
  readonly service: string;
  readonly version?: string;
  readonly environment?: string;
  /** Newest first; 100 if absent. */
  readonly limit?: number;
}

/**
 * Everything the product remembers. Every writing call is one transaction: after it returns the rows survive a crash; if it
 * throws nothing of it stands. Rows are only added, never changed. Ids are unique; saving one again is an error.
 * @throws AqeError 6xxx.
 */
export interface Store {
  saveAssessment(assessment: StoredAssessment, debts: readonly GateDebt[]): Promise<void>;
  assessments(query: AssessmentQuery): Promise<readonly StoredAssessment[]>;
  saveAttestation(attestation: ItemAttestation): Promise<void>;
  /** Oldest first. */
  attestations(service: string, version: string): Promise<readonly ItemAttestation[]>;
  /** Oldest first. */
  debts(service: string): Promise<readonly GateDebt[]>;
  /** Integrity as the database itself sees it; an empty list is good. */
  check(): Promise<readonly string[]>;
  close(): Promise<void>;
}
