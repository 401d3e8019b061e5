import { criterionKeys, type Criterion, type Gate } from '../core/gate/criteria.ts';
import type { Aggregate, EvidenceMapping, MappedMetric } from '../core/policy/evidence-mapping.ts';
import type { NamedEvidence, Policy } from '../core/policy/policy.ts';
import { riskModel, type RiskSettings } from '../core/risk/model.ts';
import { gradeValue, type MetricId } from '../core/signal/metrics.ts';
import { fileUnitsOf } from '../core/signal/units.ts';
import { defaultConfig } from './defaults.ts';
import { parseDuration } from './duration.ts';
import { countedPath } from './counted-path.ts';
import type { MappingConfig } from './mapping-schema.ts';
import type { FileConfig } from './schema.ts';

/** The default config with the file's values in place; gates are replaced as a whole, everything else key by key. */
export function effectiveConfig(file: FileConfig): EffectiveConfig {
  return {
    service: file.service,
    environment: file.environment ?? defaultConfig.environment,
    mode: file.mode ?? defaultConfig.mode,
    evidence: {
      max_age: file.evidence?.max_age ?? defaultConfig.evidence.max_age,
      require_commit: file.evidence?.require_commit ?? defaultConfig.evidence.require_commit,
      exclude: file.evidence?.exclude ?? [],
      files: file.evidence?.files ?? [],
      mappings: file.evidence?.mappings ?? {},
      limits: { ...defaultConfig.evidence.limits, ...file.evidence?.limits },
    },
    deployment_gates: file.deployment_gates ?? defaultConfig.deployment_gates,
    gate_overrides: { ...defaultConfig.gate_overrides, ...file.gate_overrides },
    fast_track: { ...defaultConfig.fast_track, ...file.fast_track },
    risk: { ...file.risk },
    grade: file.grade ?? defaultConfig.grade,
    remediation: { minutes_per: { ...file.remediation?.minutes_per } },
  } as EffectiveConfig;
}

export type EffectiveConfig = { readonly [K in Exclude<keyof FileConfig, 'service'>]-?: NonNullable<FileConfig[K]> } & {
  readonly service: string | undefined;
};

/** The policy that a config stands for. `fallbackService` names the service if the config does not. */
export function policyFrom(config: EffectiveConfig, fallbackService: string): Policy {
  const gates = [
    ...gatesOf('mandatory', config.deployment_gates.mandatory_gates),
    ...gatesOf('optional', config.deployment_gates.optional_gates),
  ];
  const { evidence, gate_overrides: overrides } = config;
  const minutes = config.remediation.minutes_per ?? {};
  return {
    service: config.service ?? fallbackService,
    environment: config.environment,
    mode: config.mode,
    gates,
    overrides: {
      enabled: overrides.enabled ?? true,
      requiresApprovalFrom: overrides.requires_approval_from ?? [],
      justificationRequired: overrides.override_justification_required ?? true,
      auditLog: overrides.audit_log ?? true,
    },
    risk: riskModel(gates, riskSettings(config.risk)),
    gradeBands: config.grade,
    evidence: {
      maxAge: age(evidence.max_age ?? defaultConfig.evidence.max_age),
      requireCommit: evidence.require_commit ?? false,
      exclude: evidence.exclude ?? [],
      files: (evidence.files ?? []).map((file): NamedEvidence => {
        const { path, format, stage, commit, max_age: limit } = file;
        return {
          path,
          ...(format ? { format } : {}),
          ...(stage ? { stage } : {}),
          ...(commit ? { commit } : {}),
          ...(limit ? { maxAge: age(limit) } : {}),
        };
      }),
      mappings: Object.entries(evidence.mappings ?? {}).map(([name, mapping]) => mappingFrom(name, mapping)),
      limits: {
        maxBytes: evidence.limits?.max_bytes ?? defaultConfig.evidence.limits.max_bytes,
        maxFiles: evidence.limits?.max_files ?? defaultConfig.evidence.limits.max_files,
        content: {
          maxDepth: evidence.limits?.max_depth ?? defaultConfig.evidence.limits.max_depth,
          maxItems: evidence.limits?.max_items ?? defaultConfig.evidence.limits.max_items,
          maxText: evidence.limits?.max_text ?? defaultConfig.evidence.limits.max_text,
        },
      },
    },
    fastTrackGates: config.fast_track.gates ?? [],
    remediation: {
      uncoveredLine: minutes.uncovered_line ?? null,
      vulnerability: minutes.vulnerability ?? null,
      codeIssue: minutes.code_issue ?? null,
      failedTest: minutes.failed_test ?? null,
    },
  };
}

function mappingFrom(name: string, { type, files, producer, metrics }: MappingConfig): EvidenceMapping {
  return {
    name,
    type,
    files: typeof files === 'string' ? [files] : files,
    producer: producer ?? null,
    metrics: metrics.map(({ metric, path = '', column, where, aggregate, unit, zero_if: zeroIf }): MappedMetric => {
      const counted = type === 'xml' ? countedPath(path) : null;
      return {
        metric: metric as MetricId,
        at: column ?? counted ?? path,
        where: Object.entries(where ?? {}).map(([key, value]) => ({ column: key, value: String(value) })),
        aggregate: counted === null ? ((aggregate ?? 'only') as Aggregate) : 'count',
        unit: unit ?? fileUnitsOf(metric as MetricId)[0]!,
        zeroIf: zeroIf ?? null,
      };
    }),
  };
}

function age(text: string): number | null {
  return text === 'none' ? null : parseDuration(text);
}

type GatesConfig = NonNullable<NonNullable<FileConfig['deployment_gates']>['mandatory_gates']>;

function gatesOf(group: Gate['group'], gates: GatesConfig | undefined): readonly Gate[] {
  return Object.entries(gates ?? {}).map(([name, gate]) => ({
    name,
    group,
    enforcement: gate.enforcement,
    mode: gate.mode ?? 'enforce',
    criteria: criterionKeys.flatMap((key): readonly Criterion[] => {
      const value = gate[key];
      // `changelog_updated: false` asks for nothing.
      if (value === undefined || value === false) return [];
      if (value === true) return [{ key, threshold: 1 }];
      return [{ key, threshold: typeof value === 'string' ? gradeValue(value) : value }];
    }),
  }));
}

function riskSettings(risk: FileConfig['risk']): RiskSettings {
  const entries = Object.entries(risk?.metrics ?? {}) as [
    MetricId,
    { readonly curve?: [number, number][]; readonly prior?: number },
  ][];
  return {
    ...(risk?.weights ? { weights: risk.weights } : {}),
    curves: Object.fromEntries(entries.flatMap(([metric, entry]) => (entry.curve ? [[metric, entry.curve]] : []))),
    priors: Object.fromEntries(
      entries.flatMap(([metric, entry]) => (entry.prior === undefined ? [] : [[metric, entry.prior]])),
    ),
  };
}
