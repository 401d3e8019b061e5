import * as z from 'zod/mini';
import { grades } from '../core/signal/metrics.ts';
import { amount, count, day, described, mode, name, percent, score, sentence } from './basic-schema.ts';
import { parseChange, parseWhenMissing } from './gate-values.ts';

const change = z.string().check(
  z.refine((value) => parseChange(value) !== null, 'write how far it may move, such as "<= +10 %" or ">= -0.5"'),
  z.meta({ pattern: '^(<=|>=) *[+-]?\\d+(\\.\\d+)? *%?$' }),
);
const whenMissing = z.union([
  z.string().check(z.refine((value) => parseWhenMissing(value) !== null, 'write block, warn or skip(reason)')),
  z.strictObject({ skip: sentence }),
]);

/** Forms that a criterion has beside its limit. Not every metric is known for new code. */
interface Forms {
  readonly relative: boolean;
  readonly newCode: boolean;
}

/** A criterion: its limit, or an object that says more. */
function criterion<T extends z.ZodMiniType>(limit: T, { relative, newCode }: Forms) {
  const more = {
    limit: z.optional(limit),
    weight: z.optional(z.number().check(z.positive(), z.maximum(1000))),
    when_missing: z
      .optional(whenMissing)
      .check(described('What becomes of it if nobody measured: block (default), warn, or skip(reason).')),
    on: z
      .optional(z.enum(newCode ? ['all', 'new_code'] : ['all']))
      .check(described('new_code: only what the release adds or changes.')),
  };
  const moving = {
    ...more,
    change: z.optional(change).check(described('How far it may move from earlier releases: "<= +10 %", ">= -0.5".')),
    against: z.optional(
      z
        .string()
        .check(
          z.regex(/^(previous|last [1-9]\d? passes)$/, 'write previous, or for instance last 5 passes'),
          described('previous (default), or the median of the newest approved releases: last 5 passes.'),
        ),
    ),
  };
  const asksNothing = 'say a limit or a change';
  if (!relative)
    return z.union([limit, z.strictObject(more).check(z.refine((value) => value.limit !== undefined, asksNothing))]);
  return z.union([
    limit,
    change,
    z.strictObject(moving).check(
      z.refine((value) => value.limit !== undefined || value.change !== undefined, asksNothing),
      z.refine((value) => value.against === undefined || value.change !== undefined, 'against wants a change'),
    ),
  ]);
}

/** May also be relative to earlier releases, and on new code. */
const onNewCode = <T extends z.ZodMiniType>(limit: T) =>
  z.optional(criterion(limit, { relative: true, newCode: true }));
const relative = <T extends z.ZodMiniType>(limit: T) =>
  z.optional(criterion(limit, { relative: true, newCode: false }));
const fixed = <T extends z.ZodMiniType>(limit: T) => z.optional(criterion(limit, { relative: false, newCode: false }));

// Each form is made once: making them takes longer than checking a file.
const [newCount, newPercent] = [onNewCode(count), onNewCode(percent)];
const [wholes, percents, amounts, scores] = [relative(count), relative(percent), relative(amount), relative(score)];
const [onlyPercent, yes] = [fixed(percent), fixed(z.boolean())];

const gate = z
  .strictObject({
    min_grade: fixed(z.enum(grades)),
    max_critical_issues: newCount,
    max_code_smells: newCount,
    max_duplication_percent: percents,
    max_complexity: amounts,
    max_technical_debt_percent: percents,
    min_line_coverage: newPercent,
    min_branch_coverage: percents,
    min_mutation_score: percents,
    min_test_reliability: percents,
    max_failed_tests: wholes,
    min_executed_tests: wholes,
    max_critical_vulnerabilities: wholes,
    max_high_vulnerabilities: wholes,
    max_medium_vulnerabilities: wholes,
    max_low_vulnerabilities: wholes,
    max_p95_latency_ms: amounts,
    min_throughput_rps: amounts,
    max_error_rate_percent: percents,
    min_page_performance: scores,
    min_accessibility: scores,
    min_review_approvals: fixed(count),
    max_change_lines: wholes,
    min_confidence_lower_bound: onlyPercent,
    max_rollback_probability: onlyPercent,
    max_failure_rate_percent: onlyPercent,
    changelog_updated: yes,
    api_docs_current: yes,
    product_manager_approval: yes,
    stakeholder_signoff: yes,
    enforcement: z
      .enum(['BLOCKING', 'WARNING', 'ADVISORY'])
      .check(described('BLOCKING: no release while it is closed. WARNING: released with a warning. ADVISORY: shown.')),
    mode: z.optional(mode),
    min_score: z
      .optional(z.number().check(z.positive(), z.maximum(100)))
      .check(described('Percent of the criteria, by weight, that have to pass; 100 if absent.')),
    effective_on: z.optional(day).check(described('Day (UTC) from which it counts; until then it is in shadow.')),
  })
  .check(
    z.refine(
      (value) => Object.keys(value).some((key) => !notCriteria.includes(key)),
      'the gate has no criterion and could never open',
    ),
  );

/** Keys of a gate that are no criterion. */
const notCriteria: readonly string[] = ['enforcement', 'mode', 'min_score', 'effective_on'];

const gates = z.record(name, gate);

/** The two groups of gates. */
export const gateGroups = z.strictObject({ mandatory_gates: z.optional(gates), optional_gates: z.optional(gates) });

export type GateConfig = z.infer<typeof gate>;
export type GateGroups = z.infer<typeof gateGroups>;
