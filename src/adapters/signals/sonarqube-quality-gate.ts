import * as z from 'zod/mini';
import { AqeError } from '../../core/error/aqe-error.ts';
import { tally, type CodeIssue, type Measure, type Reading } from '../../core/evidence/reading.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { onFirstUse, text } from './shared/schema.ts';
import { severityIn } from './shared/severity.ts';
import { worstFirst } from './shared/worst-first.ts';
import { zonedTime } from './shared/zoned-time.ts';

const schemas = onFirstUse(() => {
  const value = z.nullish(z.union([z.string(), z.number()]));
  /** The status API says `metricKey`, `comparator` and `actualValue` where the webhook says `metric`, `operator` and `value`. */
  const conditionSchema = z.object({
    status: z.string(),
    metricKey: text,
    metric: text,
    comparator: text,
    operator: text,
    errorThreshold: value,
    warningThreshold: value,
    warning: value,
    actualValue: value,
    value,
  });
  const gateSchema = z.object({ status: z.string(), conditions: z.nullish(z.array(conditionSchema)) });
  const schema = z.object({
    projectStatus: z.optional(gateSchema),
    component: z.optional(z.object({ measures: z.array(z.object({ metric: z.string(), value })) })),
    status: text,
    qualityGate: z.nullish(gateSchema),
    revision: text,
    analysedAt: text,
  });
  return { conditionSchema, gateSchema, schema };
});

type Schemas = ReturnType<typeof schemas>;
type Report = z.infer<Schemas['schema']>;
type Gate = z.infer<Schemas['gateSchema']>;
type Condition = z.infer<Schemas['conditionSchema']>;

const severityTable: SeverityTable = {
  words: { error: 'high', warn: 'medium' },
  note: 'These are the states of a condition; one that holds (OK) or has no value is no issue.',
};

/** SonarQube's metrics that are ours as they stand, in per cent. Those of new code (`new_…`) speak of a part only. */
const measured = new Map([
  ['duplicated_lines_density', 'duplication'],
  ['sqale_debt_ratio', 'technical_debt'],
]);

/** SonarQube's `api/qualitygates/project_status`, its webhook of an analysis, and `api/measures/component`. */
export const sonarqubeQualityGate: SignalReader = {
  id: 'sonarqube-quality-gate',
  title: 'SonarQube quality gate and measures',
  gives: ['code-issues', 'measure'],
  measures: [...measured.values()],
  names: [
    'sonar-quality-gate*.json',
    'sonarqube-quality-gate*.json',
    'sonar-measures*.json',
    'sonarqube-measures*.json',
  ],
  countingUnit: 'One condition of the quality gate that does not hold.',
  severities: severityTable,
  detects(head) {
    const root = objectOf(jsonHead(head.text));
    if ('status' in objectOf(root['projectStatus'])) return true;
    const { measures } = objectOf(root['component']);
    if (Array.isArray(measures)) return measures.length === 0 || 'metric' in objectOf(measures[0]);
    return 'taskId' in root && 'project' in root && ('qualityGate' in root || 'serverUrl' in root);
  },
  open: (file) => jsonSession(file, schemas().schema, (report) => toReading(report, file.path)),
};

function toReading(report: Report, path: string): Reading {
  const producer = { name: 'sonarqube' };
  if (report.component) {
    const facts = report.component.measures.flatMap(({ metric, value }) => measureOf(metric, value));
    if (facts.length === 0)
      throw new AqeError('AQE2007', `none of ${[...measured.keys()].join(', ')} is measured`, { path });
    return { producer, facts, notices: [] };
  }
  if (report.status && report.status !== 'SUCCESS')
    throw new AqeError('AQE2006', `the analysis ended as ${report.status.slice(0, 40)}`, { path });
  const gate = report.projectStatus ?? report.qualityGate;
  if (!gate) throw new AqeError('AQE2007', 'no quality gate was applied', { path });
  const conditions = gate.conditions ?? [];
  if (gate.status === 'NONE') throw new AqeError('AQE2007', 'the project has no quality gate status', { path });
  const issues = [...conditions.flatMap(toIssue), ...gateIssue(gate, conditions)];
  if (conditions.length === 0 && issues.length === 0)
    throw new AqeError('AQE2007', 'the quality gate checked no condition', { path });
  const counts = tally();
  for (const issue of issues) counts[issue.severity] += 1;
  const valueless = conditions.filter(({ status }) => status === 'NO_VALUE' || status === 'NONE').length;
  const takenAt = zonedTime(report.analysedAt);
  return {
    producer,
    ...(report.revision ? { commit: report.revision } : {}),
    ...(takenAt ? { takenAt } : {}),
    facts: [
      { kind: 'code-issues', counts, suppressed: 0, filesChecked: null, items: worstFirst(issues) },
      ...conditions.flatMap((condition) => measureOf(metricOf(condition), condition.actualValue ?? condition.value)),
    ],
    notices: [
      ...(gate.status === 'OK' && counts.high > 0
        ? [`the quality gate is OK and ${counts.high} of its conditions are not; the conditions are counted`]
        : []),
      ...(valueless > 0 ? [`conditions without a value: ${valueless}`] : []),
    ],
  };
}

function metricOf({ metricKey, metric }: Condition): string {
  return metricKey || metric || 'no-metric';
}

function toIssue(condition: Condition): readonly CodeIssue[] {
  const { status } = condition;
  if (['OK', 'NO_VALUE', 'NONE'].includes(status)) return [];
  const metric = metricOf(condition);
  const actual = condition.actualValue ?? condition.value ?? 'unknown';
  const limit =
    (status === 'WARN' ? (condition.warningThreshold ?? condition.warning) : condition.errorThreshold) ?? 'unknown';
  const side = limits.get(condition.comparator ?? condition.operator ?? '') ?? 'keep to';
  return [
    {
      rule: metric,
      severity: severityIn(severityTable, status),
      message: `${metric} is ${actual} and must ${side} ${limit}`,
    },
  ];
}

/** The comparison under which a condition does not hold, turned into what is asked for. */
const limits = new Map([
  ['GT', 'be at most'],
  ['GREATER_THAN', 'be at most'],
  ['LT', 'be at least'],
  ['LESS_THAN', 'be at least'],
  ['EQ', 'not be'],
  ['EQUALS', 'not be'],
  ['NE', 'be'],
  ['NOT_EQUALS', 'be'],
]);

/** A gate that is closed for a reason it does not list is one issue of its own. */
function gateIssue({ status }: Gate, conditions: readonly Condition[]): readonly CodeIssue[] {
  if (status === 'OK' || conditions.some((condition) => condition.status === status)) return [];
  return [
    {
      rule: 'quality-gate',
      severity: severityIn(severityTable, status),
      message: `the quality gate is ${status.slice(0, 40)}`,
    },
  ];
}

function measureOf(metric: string, value: string | number | null | undefined): readonly Measure[] {
  const ours = measured.get(metric);
  return ours !== undefined && /^\d{1,15}(?:\.\d{1,20})?$/.test(String(value ?? ''))
    ? [{ kind: 'measure', metric: ours, value: Number(value) }]
    : [];
}
