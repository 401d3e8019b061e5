import type { EvidenceLimits } from '../evidence/limits.ts';
import type { TestStage } from '../evidence/evidence.ts';
import type { Gate, Mode } from '../gate/criteria.ts';
import type { FreezeRule } from '../freeze/freeze.ts';
import type { ApprovalPolicy, EmergencyPolicy, OverridePolicy, Person, Role } from './people.ts';
import type { Waiver } from './waiver.ts';
import type { PredictionSettings } from '../prediction/settings.ts';
import type { RiskModel } from '../risk/model.ts';
import type { GradeBands } from '../signal/code-signals.ts';
import type { EvidenceMapping } from './evidence-mapping.ts';

/** A report that the config names. */
export interface NamedEvidence {
  /** Path or glob relative to the project. */
  readonly path: string;
  readonly format?: string;
  readonly stage?: TestStage;
  /** Commit the report belongs to; for pipelines that know and reports that do not say. */
  readonly commit?: string;
  /** Milliseconds. */
  readonly maxAge?: number | null;
}

/** Minutes a team needs for one unit of work; from the config, else null: then no time is stated. */
export interface RemediationRates {
  readonly uncoveredLine: number | null;
  readonly vulnerability: number | null;
  readonly codeIssue: number | null;
  readonly failedTest: number | null;
}

/** What a release of one service to one environment has to meet. Built from the config, or the documented defaults. */
export interface Policy {
  readonly service: string;
  readonly environment: string;
  readonly mode: Mode;
  readonly gates: readonly Gate[];
  readonly overrides: OverridePolicy;
  readonly people: readonly Person[];
  readonly roles: readonly Role[];
  readonly approvals: ApprovalPolicy;
  readonly emergency: EmergencyPolicy;
  readonly waivers: readonly Waiver[];
  readonly freezes: readonly FreezeRule[];
  /** What a release that changes its own policy needs: an approval, or only to be reported. */
  readonly onPolicyChange: 'approval' | 'report';
  readonly risk: RiskModel;
  readonly prediction: PredictionSettings;
  readonly gradeBands: GradeBands;
  readonly evidence: {
    /** Milliseconds; null for no limit. */
    readonly maxAge: number | null;
    /** Evidence must name its commit, by itself, a sidecar, the config or git. */
    readonly requireCommit: boolean;
    readonly files: readonly NamedEvidence[];
    /** Reports that no reader knows, and how they are read. */
    readonly mappings: readonly EvidenceMapping[];
    readonly exclude: readonly string[];
    readonly limits: EvidenceLimits;
  };
  /** Gates that still count for a fast-track release. */
  readonly fastTrackGates: readonly string[];
  readonly remediation: RemediationRates;
}
