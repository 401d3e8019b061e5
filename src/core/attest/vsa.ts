import type { Sanctions } from '../approval/sanctions.ts';
import type { Assessment } from '../decision/assessment.ts';
import { AqeError } from '../error/aqe-error.ts';
import type { RiskAssessment } from '../risk/assess-risk.ts';
import type { Envelope } from './envelope.ts';

// Statement: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
// Predicate: https://slsa.dev/spec/v1.1/verification_summary
export const statementPayloadType = 'application/vnd.in-toto+json';
export const statementType = 'https://in-toto.io/Statement/v1';
export const summaryPredicateType = 'https://slsa.dev/verification_summary/v1';
export const decisionExtension = 'https://aqe-deploy.dev/decision/v1';

/** Who verified, unless the installation has a name of its own. */
export const defaultVerifier = 'https://aqe-deploy.dev/verifier/v1';

/** How the gates stand. A passing statement carries at least one; GATE_PASSED only when nobody and nothing opened a gate but evidence. */
export const gateLevels = [
  'AQE_GATE_PASSED',
  'AQE_GATE_PASSED_WITH_WARNINGS',
  'AQE_FAST_TRACK',
  'AQE_OVERRIDDEN',
  'AQE_EMERGENCY',
  'AQE_SHADOW',
] as const;
export const riskLevels = ['AQE_RISK_LOW', 'AQE_RISK_MEDIUM', 'AQE_RISK_HIGH', 'AQE_RISK_CRITICAL'] as const;

/** A digest in the words of in-toto: `sha256`, `gitCommit` …, lower-case hex. */
export interface Digest {
  readonly algorithm: string;
  readonly value: string;
}

/** The part of an assessment that is stated. */
export interface StatedAssessment extends Pick<
  Assessment,
  | 'service'
  | 'version'
  | 'environment'
  | 'region'
  | 'decision'
  | 'status'
  | 'createdAt'
  | 'shadow'
  | 'fastTrack'
  | 'approvals'
  | 'policyDigest'
  | 'decisionDigest'
> {
  readonly risk: Pick<RiskAssessment, 'overallRisk' | 'level' | 'worstLevel'> | null;
  readonly change: { readonly head: { readonly commit: string } } | null;
  readonly evidence: readonly { readonly path: string; readonly sha256: string | null }[];
}

export interface SummaryInput {
  readonly assessment: StatedAssessment;
  /** What is deployed, with its name; null: the statement is about the commit. */
  readonly artifact: { readonly name: string; readonly digest: Digest } | null;
  /** URI of who verified. */
  readonly verifier: string;
  /** Null: the URI that `resourceUriOf` gives. */
  readonly resourceUri: string | null;
  readonly policyUri: string;
  /** The newest signed checkpoint of the audit log; null if there is none. */
  readonly auditCheckpoint: Envelope | null;
}

interface Described {
  readonly name?: string;
  readonly uri?: string;
  readonly digest: Readonly<Record<string, string>>;
}

interface Said {
  readonly id: string;
  readonly person: string;
  readonly role: string | null;
  readonly identity: string;
  readonly at: string;
  readonly until: string;
}

/** SLSA Verification Summary in an in-toto Statement, with the decision as an extension. */
export interface SummaryStatement {
  readonly _type: typeof statementType;
  readonly subject: readonly [Described];
  readonly predicateType: typeof summaryPredicateType;
  readonly predicate: {
    readonly verifier: { readonly id: string };
    readonly timeVerified: string;
    readonly resourceUri: string;
    readonly policy: Described;
    /** All evidence that there was, whatever became of it. */
    readonly inputAttestations: readonly Described[];
    readonly verificationResult: 'PASSED' | 'FAILED';
    readonly verifiedLevels: readonly string[];
    readonly [decisionExtension]: {
      readonly digest: { readonly sha256: string };
      readonly decision: string;
      readonly status: string;
      readonly service: string;
      readonly version: string;
      readonly environment: string;
      readonly region: string | null;
      /** Null where nothing was measured. */
      readonly risk: { readonly score: number; readonly level: string; readonly worstLevel: string } | null;
      readonly overrides: readonly { readonly gate: string; readonly agreed: readonly Said[] }[];
      readonly approvals: readonly Said[];
      readonly emergency: readonly Said[] | null;
      readonly auditCheckpoint: Envelope | null;
    };
  };
}

/** @throws AqeError AQE3014 without artifact and without commit. */
export function summaryStatement(input: SummaryInput): SummaryStatement {
  const { assessment } = input;
  const { approvals, risk } = assessment;
  const passed = assessment.decision === 'APPROVED';
  return {
    _type: statementType,
    subject: [subjectOf(input)],
    predicateType: summaryPredicateType,
    predicate: {
      verifier: { id: input.verifier },
      timeVerified: assessment.createdAt,
      resourceUri: input.resourceUri ?? resourceUriOf(assessment),
      policy: { uri: input.policyUri, digest: { sha256: assessment.policyDigest } },
      inputAttestations: assessment.evidence.flatMap(({ path, sha256 }) =>
        sha256 === null ? [] : [{ uri: path.split('/').map(uriPart).join('/'), digest: { sha256 } }],
      ),
      verificationResult: passed ? 'PASSED' : 'FAILED',
      verifiedLevels: passed ? levelsOf(assessment) : ['FAILED'],
      [decisionExtension]: {
        digest: { sha256: assessment.decisionDigest },
        decision: assessment.decision,
        status: assessment.status,
        service: assessment.service,
        version: assessment.version,
        environment: assessment.environment,
        region: assessment.region,
        risk: risk && { score: risk.overallRisk, level: risk.level, worstLevel: risk.worstLevel },
        overrides: openedBy(approvals).map(({ gate, agreed }) => ({ gate, agreed: agreed.map(said) })),
        approvals: approvalsOf(approvals),
        emergency: approvals.emergency?.opened ? approvals.emergency.agreed.map(said) : null,
        auditCheckpoint: input.auditCheckpoint,
      },
    },
  };
}

/** `aqe:service/<service>?environment=<environment>`, with `&region=<region>` where one was asked for. */
export function resourceUriOf(
  of: Pick<Assessment, 'service' | 'environment'> & { readonly region?: string | null },
): string {
  const region = of.region ? `&region=${uriPart(of.region)}` : '';
  return `aqe:service/${uriPart(of.service)}?environment=${uriPart(of.environment)}${region}`;
}

/** `sha256:…`, `sha512:…` or `gitCommit:…`, in lower-case hex of the right length; null for anything else. */
export function parseDigest(text: string): Digest | null {
  const [, algorithm = '', value = ''] = /^(sha256|sha512|gitCommit):([0-9a-f]+)$/.exec(text) ?? [];
  const lengths = { sha256: [64], sha512: [128], gitCommit: [40, 64] }[algorithm] ?? [];
  return lengths.includes(value.length) ? { algorithm, value } : null;
}

/** The artifact that an assessment is about, as statements name it; null if it is about a commit. */
export function artifactOf({
  artifact,
  service,
  version,
}: Pick<Assessment, 'artifact' | 'service' | 'version'>): SummaryInput['artifact'] {
  const digest = artifact === null ? null : parseDigest(artifact);
  return digest && { name: `${service}@${version}`, digest };
}

function subjectOf({ artifact, assessment: { service, version, change } }: SummaryInput): Described {
  if (artifact) return { name: artifact.name, digest: { [artifact.digest.algorithm]: artifact.digest.value } };
  if (change) return { name: `${service}@${version}`, digest: { gitCommit: change.head.commit } };
  throw new AqeError('AQE3014', 'neither an artifact nor a commit is known', { version });
}

/**
 * What opened the way (several things may have), then the risk. The risk is that of the worst case: what is not measured
 * is not verified.
 */
function levelsOf({ shadow, approvals, fastTrack, status, risk }: StatedAssessment): readonly string[] {
  const ways: (typeof gateLevels)[number][] = [];
  if (shadow !== null) ways.push('AQE_SHADOW');
  if (approvals.emergency?.opened) ways.push('AQE_EMERGENCY');
  if (openedBy(approvals).length > 0) ways.push('AQE_OVERRIDDEN');
  if (fastTrack !== null && fastTrack.skippedGates.length > 0) ways.push('AQE_FAST_TRACK');
  if (ways.length === 0) ways.push(status === 'APPROVED' ? 'AQE_GATE_PASSED' : 'AQE_GATE_PASSED_WITH_WARNINGS');
  return risk === null ? ways : [...ways, `AQE_RISK_${risk.worstLevel}`];
}

function openedBy({ overrides }: Sanctions): Sanctions['overrides'] {
  return overrides.filter(({ opened }) => opened !== null);
}

/** One agreement may meet several requirements. */
function approvalsOf({ requirements }: Sanctions): readonly Said[] {
  const all = requirements.flatMap(({ agreed }) => agreed);
  return [...new Map(all.map((each) => [each.id, said(each)])).values()];
}

// Comments stay in the audit log: a statement travels.
function said({ id, person, role, identity, at, until }: Said): Said {
  return { id, person, role, identity, at, until };
}

function uriPart(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
