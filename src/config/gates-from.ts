import { criterionKeys, criterionKinds, type Criterion, type CriterionKey, type Gate } from '../core/gate/criteria.ts';
import { gradeValue } from '../core/signal/metrics.ts';
import type { GateConfig, GateGroups } from './gate-schema.ts';
import { parseAgainst, parseChange, parseWhenMissing } from './gate-values.ts';

/** The gates that a config stands for. */
export function gatesFrom({ mandatory_gates: mandatory, optional_gates: optional }: GateGroups): readonly Gate[] {
  return [...gatesOf('mandatory', mandatory), ...gatesOf('optional', optional)];
}

function gatesOf(group: Gate['group'], gates: Readonly<Record<string, GateConfig>> | undefined): readonly Gate[] {
  return Object.entries(gates ?? {}).map(([name, gate]) => ({
    name,
    group,
    enforcement: gate.enforcement,
    mode: gate.mode ?? 'enforce',
    ...(gate.min_score === undefined ? {} : { minScore: gate.min_score }),
    ...(gate.effective_on === undefined ? {} : { effectiveOn: gate.effective_on }),
    criteria: criterionKeys.flatMap((key) => criteriaOf(key, gate[key])),
  }));
}

/** A limit and a change of one key are two criteria. */
function criteriaOf(key: CriterionKey, value: GateConfig[CriterionKey]): readonly Criterion[] {
  if (value === undefined) return [];
  if (typeof value === 'string') {
    const change = parseChange(value);
    if (change) return [moving(key, value, undefined)];
  }
  if (typeof value !== 'object') return limited(key, value);
  const { limit, weight, when_missing: missing, on } = value;
  const whenMissing =
    missing === undefined
      ? undefined
      : typeof missing === 'string'
        ? parseWhenMissing(missing)
        : ({ kind: 'skip', reason: missing.skip } as const);
  const more = {
    ...(on === 'new_code' ? { on: 'new-code' as const } : {}),
    ...(weight === undefined ? {} : { weight }),
    ...(whenMissing ? { whenMissing } : {}),
  };
  const change = 'change' in value && value.change !== undefined ? [moving(key, value.change, value.against)] : [];
  return [...(limit === undefined ? [] : limited(key, limit)), ...change].map((criterion) => ({
    ...criterion,
    ...more,
  }));
}

function limited(key: CriterionKey, limit: string | number | boolean): readonly Criterion[] {
  // `changelog_updated: false` asks for nothing.
  if (limit === false) return [];
  if (limit === true) return [{ key, threshold: 1 }];
  return [{ key, threshold: typeof limit === 'string' ? gradeValue(limit as 'A') : limit }];
}

function moving(key: CriterionKey, text: string, against: string | undefined): Criterion {
  const { by, in: unit } = parseChange(text)!;
  return { key, threshold: null, change: { by, in: unit, against: parseAgainst(against) } };
}

/** What is wrong with a change that its text does not show: `<= +10 %` of a coverage would let it fall to nothing. */
export function changeProblem(key: CriterionKey, text: string): string | null {
  const change = parseChange(text);
  if (change === null) return null;
  const { comparison } = criterionKinds[key];
  return change.comparison === comparison ? null : `${key} is a limit ${comparison}, write ${comparison} here`;
}
