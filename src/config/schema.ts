import * as z from 'zod';
import { curveProblem } from '../core/risk/curve.ts';
import { dimensions } from '../core/risk/model.ts';
import { grades, metricIds, metricOf } from '../core/signal/metrics.ts';
import { parseDuration } from './duration.ts';

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, 'write a duration such as 30m, 12h or 7d')
  .meta({ description: 'A duration: a whole number and ms, s, m, h, d or w.', pattern: '^\\d{1,9}(ms|s|m|h|d|w)$' });
const maxAge = z
  .union([duration, z.literal('none')])
  .meta({ description: 'Oldest evidence that still counts; `none` for no limit.' });
const percent = z.number().min(0).max(100);
const count = z.int().min(0);
const mode = z.enum(['enforce', 'shadow']).meta({ description: '`shadow` reports and decides nothing.' });
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'use letters, digits, - and _, starting with a letter');
const text = z.string().min(1).max(200);

const gate = z
  .strictObject({
    min_grade: z.enum(grades).optional(),
    max_critical_issues: count.optional(),
    max_code_smells: count.optional(),
    max_duplication_percent: percent.optional(),
    max_complexity: z.number().min(0).optional(),
    max_technical_debt_percent: percent.optional(),
    min_line_coverage: percent.optional(),
    min_branch_coverage: percent.optional(),
    min_mutation_score: percent.optional(),
    min_test_reliability: percent.optional(),
    max_failed_tests: count.optional(),
    min_executed_tests: count.optional(),
    max_critical_vulnerabilities: count.optional(),
    max_high_vulnerabilities: count.optional(),
    max_medium_vulnerabilities: count.optional(),
    max_low_vulnerabilities: count.optional(),
    max_p95_latency_ms: z.number().min(0).optional(),
    min_throughput_rps: z.number().min(0).optional(),
    max_error_rate_percent: percent.optional(),
    max_change_lines: count.optional(),
    changelog_updated: z.boolean().optional(),
    api_docs_current: z.boolean().optional(),
    product_manager_approval: z.boolean().optional(),
    stakeholder_signoff: z.boolean().optional(),
    enforcement: z.enum(['BLOCKING', 'WARNING', 'ADVISORY']).meta({
      description: 'BLOCKING: no release while it is closed. WARNING: released with a warning. ADVISORY: shown.',
    }),
    mode: mode.optional(),
  })
  .refine(
    (value) => Object.keys(value).some((key) => !['enforcement', 'mode'].includes(key)),
    'the gate has no criterion and could never open',
  );

const gates = z.record(name, gate);

const knots = z.array(z.tuple([z.number(), z.number()])).min(2);
const curve = z.strictObject({ curve: knots.optional(), prior: percent.optional() });

/** The config file, as a user writes it. Every key is optional. */
export const configSchema = z.strictObject({
  service: text.optional().meta({ description: 'Name of the service; the package name or folder name if absent.' }),
  environment: name.optional().meta({ description: 'Where the release goes; production if absent.' }),
  mode: mode.optional(),
  evidence: z
    .strictObject({
      max_age: maxAge.optional(),
      require_commit: z
        .boolean()
        .optional()
        .meta({ description: 'Evidence that only its file time ties to the release is stale.' }),
      exclude: z.array(text).optional().meta({ description: 'Globs that discovery leaves out.' }),
      files: z
        .array(
          z.strictObject({
            path: text,
            format: text.optional(),
            stage: z.enum(['unit', 'integration', 'e2e']).optional(),
            commit: z
              .string()
              .regex(/^[0-9a-fA-F]{7,64}$/, 'a commit id of 7 to 64 hex digits')
              .optional(),
            max_age: maxAge.optional(),
          }),
        )
        .optional()
        .meta({ description: 'Reports that are expected: one that is not there is missing evidence.' }),
      limits: z
        .strictObject({ max_bytes: z.int().min(1024).optional(), max_files: z.int().min(1).max(1_000_000).optional() })
        .optional(),
    })
    .optional(),
  deployment_gates: z
    .strictObject({ mandatory_gates: gates.optional(), optional_gates: gates.optional() })
    .optional()
    .meta({ description: 'The gates. They replace the default gates as a whole.' }),
  gate_overrides: z
    .strictObject({
      enabled: z.boolean().optional(),
      requires_approval_from: z.array(text).optional(),
      override_justification_required: z.boolean().optional(),
      audit_log: z.boolean().optional(),
    })
    .optional(),
  fast_track: z
    .strictObject({
      gates: z.array(name).optional().meta({ description: 'Gates that still count with --fast-track.' }),
    })
    .optional(),
  risk: z
    .strictObject({
      weights: z
        .strictObject(
          Object.fromEntries(dimensions.map((dimension) => [dimension, z.number().min(0).max(1)])) as Record<
            (typeof dimensions)[number],
            z.ZodNumber
          >,
        )
        .refine(
          (weights) => Math.abs(Object.values(weights).reduce((a, b) => a + b, 0) - 1) < 1e-9,
          'the six weights must sum to 1',
        )
        .optional(),
      metrics: z
        .partialRecord(z.enum(metricIds as [string, ...string[]]), curve)
        .superRefine((entries, context) => {
          for (const [metric, entry] of Object.entries(entries)) {
            const id = metricIds.find((known) => known === metric);
            const problem = id && entry?.curve ? curveProblem(entry.curve, metricOf(id).better) : null;
            if (problem) context.addIssue({ code: 'custom', path: [metric, 'curve'], message: problem });
          }
        })
        .optional(),
    })
    .optional(),
  grade: z
    .strictObject({ A: z.number().min(0), B: z.number().min(0), C: z.number().min(0), D: z.number().min(0) })
    .refine(({ A, B, C, D }) => A <= B && B <= C && C <= D, 'the bands must not fall from A to D')
    .optional()
    .meta({ description: 'Most findings of medium severity or worse per 1,000 lines for each grade.' }),
  remediation: z
    .strictObject({
      minutes_per: z
        .strictObject({
          uncovered_line: z.number().min(0).optional(),
          vulnerability: z.number().min(0).optional(),
          code_issue: z.number().min(0).optional(),
          failed_test: z.number().min(0).optional(),
        })
        .optional(),
    })
    .optional(),
});

export type FileConfig = z.infer<typeof configSchema>;
