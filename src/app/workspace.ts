import type { PolicySource } from '../core/decision/assessment.ts';
import type { AuditSpool } from '../ports/audit-spool.ts';
import type { Checkpoints } from '../ports/checkpoints.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { RolloutSettings } from '../core/rollout/rollout-settings.ts';
import type { Approver } from '../ports/approver.ts';
import type { DeploymentHistory } from '../ports/deployment-history.ts';
import type { EvidenceFiles } from '../ports/evidence-files.ts';
import type { FreezeCalendar } from '../ports/freeze-calendar.ts';
import type { Clock } from '../ports/clock.ts';
import type { Redact } from '../core/secret/redact.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { TryMapping } from '../ports/mapping-trial.ts';
import type { Identity } from '../ports/identity.ts';
import type { OutputFile } from '../ports/output-file.ts';
import type { PolicyDesk } from '../ports/policy-desk.ts';
import type { PolicyHistory } from '../ports/policy-history.ts';
import type { SignatureCheck, Signer } from '../ports/signer.ts';
import type { BundleArchive } from '../ports/bundle-archive.ts';
import type { ReleaseFiles } from '../ports/release-files.ts';
import type { ReleaseLog } from '../ports/release-log.ts';
import type { ReleaseQuery, SourceControl } from '../ports/source-control.ts';
import type { Store } from '../ports/store.ts';
import type { OpenTransfer } from '../ports/store-transfer.ts';

export interface WorkspaceOptions {
  readonly project?: string;
  readonly config?: string;
  readonly environment?: string;
  readonly service?: string;
  /** Git revision that the policy is read from, whatever the work tree says. */
  readonly policyRef?: string;
  /** Release that will be asked about: its change is looked up while everything else is loaded. */
  readonly release?: ReleaseQuery;
}

/** What is kept beside the audit log. */
export interface AuditFiles {
  /** Others write the same log and keep checkpoints of their own. */
  readonly shared: boolean;
  readonly checkpoints: Checkpoints;
  readonly spool: AuditSpool;
}

/** One project with its policy and everything connected to it. Nothing is opened before it is used. */
export interface Workspace {
  /** Project folder, absolute. */
  readonly project: string;
  /** Config file relative to the project, or null. */
  readonly configPath: string | null;
  readonly policy: Policy;
  readonly policySource: PolicySource;
  readonly policyHistory: PolicyHistory;
  readonly policyDesk: PolicyDesk;
  readonly rollout: RolloutSettings;
  /** Effective config values in reading order, each with its origin. */
  readonly values: readonly { readonly path: string; readonly value: unknown; readonly origin: string }[];
  readonly files: EvidenceFiles;
  readonly tryMapping: TryMapping;
  readonly sourceControl: SourceControl & ReleaseFiles;
  readonly deploymentHistory: DeploymentHistory;
  readonly releaseLog: ReleaseLog;
  readonly store: Store;
  /** Databases below the store, as a whole. */
  readonly databases: OpenTransfer;
  readonly audit: AuditFiles;
  readonly freezeCalendar: FreezeCalendar;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly signatures: SignatureCheck;
  /** The key of the project, made when it is first needed. */
  systemSigner(): Promise<Signer>;
  readonly bundles: BundleArchive;
  readonly approver: Approver;
  readonly output: OutputFile;
  /** The configured notifiers. @throws AqeError AQE1010 for a secret that is not set. */
  notifiers(): Promise<readonly Notifier[]>;
  /** Takes secrets out of a text; for what is signed or sent. What is printed or kept passes it anyway. */
  readonly redact: Redact;
}
