import type { Aggregate, EvidenceMapping, MappedMetric } from '../core/policy/evidence-mapping.ts';
import type { NamedEvidence, Policy } from '../core/policy/policy.ts';
import type { PredictionSettings } from '../core/prediction/settings.ts';
import { riskModel, type RiskSettings } from '../core/risk/model.ts';
import type { MetricId } from '../core/signal/metrics.ts';
import { fileUnitsOf } from '../core/signal/units.ts';
import { defaultConfig } from './defaults.ts';
import type { EffectiveConfig } from './effective-config.ts';
import { gatesFrom } from './gates-from.ts';
import {
  approvalsFrom,
  emergencyFrom,
  freezesFrom,
  overridesFrom,
  peopleFrom,
  rolesFrom,
  waiversFrom,
  type KeysOnDisk,
} from './people-from.ts';
import { parseDuration } from './duration.ts';
import { countedPath } from './counted-path.ts';
import type { MappingConfig } from './mapping-schema.ts';
import type { FileConfig } from './schema.ts';

/** The policy that a config stands for. `fallbackService` names the service if the config does not. */
export function policyFrom(config: EffectiveConfig, fallbackService: string, keysOnDisk: KeysOnDisk = {}): Policy {
  const gates = gatesFrom(config.deployment_gates);
  const { evidence } = config;
  const minutes = config.remediation.minutes_per ?? {};
  return {
    service: config.service ?? fallbackService,
    environment: config.environment,
    mode: config.mode,
    gates,
    overrides: overridesFrom(config),
    people: peopleFrom(config, keysOnDisk),
    roles: rolesFrom(config),
    approvals: approvalsFrom(config),
    emergency: emergencyFrom(config),
    waivers: waiversFrom(config),
    freezes: freezesFrom(config),
    onPolicyChange: config.policy.on_change ?? defaultConfig.policy.on_change,
    risk: riskModel(gates, riskSettings(config.risk)),
    prediction: predictionFrom(config),
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

function predictionFrom({ prediction }: EffectiveConfig): PredictionSettings {
  const usual = defaultConfig.prediction;
  return {
    priorFailureRate: (prediction.prior_failure_rate ?? usual.prior_failure_rate) / 100,
    window: age(prediction.window ?? usual.window),
    workingHours: prediction.working_hours ?? usual.working_hours,
    costRatio: prediction.cost_ratio ?? usual.cost_ratio,
  };
}

function age(text: string): number | null {
  return text === 'none' ? null : parseDuration(text);
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
