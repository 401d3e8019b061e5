import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { curveProblem } from '../core/risk/curve.ts';
import { dimensions } from '../core/risk/model.ts';
import { grades, metricIds, metricOf } from '../core/signal/metrics.ts';
import { parseDuration } from './duration.ts';
import { mappingSchema } from './mapping-schema.ts';

// Compiling the schema takes longer than checking one file without it, and a message without a locale is `Invalid input`.
z.config({ ...en(), jitless: true });

const described = (description: string) => z.meta({ description });
const duration = z.string().check(
  z.refine((text) => parseDuration(text) !== null, 'write a duration such as 30m, 12h or 7d'),
  z.meta({
    description: 'A duration: a whole number and ms, s, m, h, d or w.',
    pattern: '^\\d{1,9}(ms|s|m|h|d|w)$',
  }),
);
const maxAge = z
  .union([duration, z.literal('none')])
  .check(described('Oldest evidence that still counts; `none` for no limit.'));
const amount = z.number().check(z.minimum(0));
const percent = z.number().check(z.minimum(0), z.maximum(100));
const score = z.number().check(z.minimum(0), z.maximum(100));
const count = z.int().check(z.minimum(0));
const mode = z.enum(['enforce', 'shadow']).check(described('`shadow` reports and decides nothing.'));
const name = z
  .string()
  .check(z.regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'use letters, digits, - and _, starting with a letter'));
const text = z.string().check(
  z.minLength(1),
  z.maxLength(200),
  z.refine((value) => !value.includes('\0'), 'leave the NUL character out'),
);

const gate = z
  .strictObject({
    min_grade: z.optional(z.enum(grades)),
    max_critical_issues: z.optional(count),
    max_code_smells: z.optional(count),
    max_duplication_percent: z.optional(percent),
    max_complexity: z.optional(amount),
    max_technical_debt_percent: z.optional(percent),
    min_line_coverage: z.optional(percent),
    min_branch_coverage: z.optional(percent),
    min_mutation_score: z.optional(percent),
    min_test_reliability: z.optional(percent),
    max_failed_tests: z.optional(count),
    min_executed_tests: z.optional(count),
    max_critical_vulnerabilities: z.optional(count),
    max_high_vulnerabilities: z.optional(count),
    max_medium_vulnerabilities: z.optional(count),
    max_low_vulnerabilities: z.optional(count),
    max_p95_latency_ms: z.optional(amount),
    min_throughput_rps: z.optional(amount),
    max_error_rate_percent: z.optional(percent),
    min_page_performance: z.optional(score),
    min_accessibility: z.optional(score),
    min_review_approvals: z.optional(count),
    max_change_lines: z.optional(count),
    changelog_updated: z.optional(z.boolean()),
    api_docs_current: z.optional(z.boolean()),
    product_manager_approval: z.optional(z.boolean()),
    stakeholder_signoff: z.optional(z.boolean()),
    enforcement: z
      .enum(['BLOCKING', 'WARNING', 'ADVISORY'])
      .check(described('BLOCKING: no release while it is closed. WARNING: released with a warning. ADVISORY: shown.')),
    mode: z.optional(mode),
  })
  .check(
    z.refine(
      (value) => Object.keys(value).some((key) => !['enforcement', 'mode'].includes(key)),
      'the gate has no criterion and could never open',
    ),
  );

const gates = z.record(name, gate);

const knots = z.array(z.tuple([z.number(), z.number()])).check(z.minLength(2));
const curve = z.strictObject({ curve: z.optional(knots), prior: z.optional(percent) });

/** The config file, as a user writes it. Every key is optional. */
export const configSchema = z.strictObject({
  service: z.optional(text).check(described('Name of the service; the package name or folder name if absent.')),
  environment: z.optional(name).check(described('Where the release goes; production if absent.')),
  mode: z.optional(mode),
  evidence: z.optional(
    z.strictObject({
      max_age: z.optional(maxAge),
      require_commit: z
        .optional(z.boolean())
        .check(described('Evidence that only its file time ties to the release is stale.')),
      exclude: z.optional(z.array(text)).check(described('Globs that discovery leaves out.')),
      files: z
        .optional(
          z.array(
            z.strictObject({
              path: text,
              format: z.optional(text),
              stage: z.optional(z.enum(['unit', 'integration', 'e2e'])),
              commit: z.optional(z.string().check(z.regex(/^[0-9a-fA-F]{7,64}$/, 'a commit id of 7 to 64 hex digits'))),
              max_age: z.optional(maxAge),
            }),
          ),
        )
        .check(described('Reports that are expected: one that is not there is missing evidence.')),
      mappings: z
        .optional(z.record(name, mappingSchema))
        .check(described('How reports are read that no reader knows, by a name of your choice.')),
      limits: z.optional(
        z.strictObject({
          max_bytes: z.optional(z.int().check(z.minimum(1024))),
          max_files: z.optional(z.int().check(z.minimum(1), z.maximum(1_000_000))),
          max_depth: z
            .optional(z.int().check(z.minimum(8), z.maximum(10_000)))
            .check(described('Values or elements within each other.')),
          max_items: z
            .optional(z.int().check(z.minimum(1)))
            .check(described('Elements, values, records or lines of one file.')),
          max_text: z
            .optional(z.int().check(z.minimum(1024), z.maximum(256_000_000)))
            .check(described('Characters of one string, line, field or tag.')),
        }),
      ),
    }),
  ),
  deployment_gates: z
    .optional(z.strictObject({ mandatory_gates: z.optional(gates), optional_gates: z.optional(gates) }))
    .check(described('The gates. They replace the default gates as a whole.')),
  gate_overrides: z.optional(
    z.strictObject({
      enabled: z.optional(z.boolean()),
      requires_approval_from: z.optional(z.array(text)),
      override_justification_required: z.optional(z.boolean()),
      audit_log: z.optional(z.boolean()),
    }),
  ),
  fast_track: z.optional(
    z.strictObject({
      gates: z.optional(z.array(name)).check(described('Gates that still count with --fast-track.')),
    }),
  ),
  risk: z.optional(
    z.strictObject({
      weights: z.optional(
        z
          .strictObject(
            Object.fromEntries(
              dimensions.map((dimension) => [dimension, z.number().check(z.minimum(0), z.maximum(1))]),
            ) as Record<(typeof dimensions)[number], z.ZodMiniNumber>,
          )
          .check(
            z.refine(
              (weights) => Math.abs(Object.values(weights).reduce((a, b) => a + b, 0) - 1) < 1e-9,
              'the six weights must sum to 1',
            ),
          ),
      ),
      metrics: z.optional(
        z.partialRecord(z.enum(metricIds as [string, ...string[]]), curve).check(
          z.superRefine((entries, context) => {
            for (const [metric, entry] of Object.entries(entries)) {
              const id = metricIds.find((known) => known === metric);
              const problem = id && entry?.curve ? curveProblem(entry.curve, metricOf(id).better) : null;
              if (problem) context.addIssue({ code: 'custom', path: [metric, 'curve'], message: problem });
            }
          }),
        ),
      ),
    }),
  ),
  grade: z
    .optional(
      z
        .strictObject({ A: amount, B: amount, C: amount, D: amount })
        .check(z.refine(({ A, B, C, D }) => A <= B && B <= C && C <= D, 'the bands must not fall from A to D')),
    )
    .check(described('Most findings of medium severity or worse per 1,000 lines for each grade.')),
  remediation: z.optional(
    z.strictObject({
      minutes_per: z.optional(
        z.strictObject({
          uncovered_line: z.optional(amount),
          vulnerability: z.optional(amount),
          code_issue: z.optional(amount),
          failed_test: z.optional(amount),
        }),
      ),
    }),
  ),
});

export type FileConfig = z.infer<typeof configSchema>;
