import * as z from 'zod/mini';
import { curveProblem } from '../core/risk/curve.ts';
import { dimensions } from '../core/risk/model.ts';
import { metricIds, metricOf } from '../core/signal/metrics.ts';
import { amount, described, duration, mode, name, percent, text } from './basic-schema.ts';
import { gateGroups } from './gate-schema.ts';
import { notifySchema, outboundSchema } from './notify-schema.ts';
import { mappingSchema } from './mapping-schema.ts';
import { rolloutSchema } from './rollout-schema.ts';
import {
  approvals,
  emergency,
  freezes,
  groups,
  overrides,
  people,
  policyRules,
  roles,
  waivers,
} from './people-schema.ts';

const maxAge = z
  .union([duration, z.literal('none')])
  .check(described('Oldest evidence that still counts; `none` for no limit.'));

const hour = z.number().check(z.minimum(0), z.maximum(24));
const knots = z.array(z.tuple([z.number(), z.number()])).check(z.minLength(2));
const curve = z.strictObject({ curve: z.optional(knots), prior: z.optional(percent) });

/** What an environment or a service may have of its own. */
const judging = {
  deployment_gates: z.optional(gateGroups).check(described('The gates. They replace the default gates as a whole.')),
  gate_overrides: z.optional(overrides),
  approvals: z.optional(approvals),
  emergency: z.optional(emergency),
  waivers: z.optional(waivers),
  fast_track: z.optional(
    z.strictObject({
      gates: z.optional(z.array(name)).check(described('Gates that still count with --fast-track.')),
    }),
  ),
};

const own = {
  ...judging,
  mode: z.optional(mode),
  rollout: z.optional(rolloutSchema),
  deployment_gates: z
    .optional(gateGroups)
    .check(described('Gates that replace those of the same name; the others stay.')),
  without_gates: z.optional(z.array(name)).check(described('Gates that do not count here.')),
};
const environments = z
  .record(name, z.strictObject(own))
  .check(described('What is different in an environment. If there are any, no other environment is known.'));

/** The config file, as a user writes it. Every key is optional. */
export const configSchema = z.strictObject({
  service: z.optional(text).check(described('Name of the service; the package name or folder name if absent.')),
  environment: z.optional(name).check(described('Where the release goes; production if absent.')),
  mode: z.optional(mode),
  environments: z.optional(environments),
  services: z
    .optional(z.record(text, z.strictObject({ ...own, environments: z.optional(environments) })))
    .check(described('What is different for a service, and for its environments.')),
  people: z.optional(people),
  groups: z.optional(groups),
  roles: z.optional(roles),
  keys_directory: z.optional(text).check(described('Folder of public keys, one file each: ada@example.com.pub.')),
  policy: z.optional(policyRules),
  freezes: z.optional(freezes),
  notify: z.optional(notifySchema),
  outbound: z.optional(outboundSchema),
  rollout: z.optional(rolloutSchema),
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
  ...judging,
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
  prediction: z
    .optional(
      z.strictObject({
        prior_failure_rate: z
          .optional(z.number().check(z.minimum(0.1), z.maximum(99.9)))
          .check(described('Percent of releases that are expected to fail before there are outcomes to learn from.')),
        window: z
          .optional(maxAge)
          .check(described('Deployments before that are not learned from; `none` for no limit.')),
        working_hours: z
          .optional(
            z
              .strictObject({ from: hour, to: hour })
              .check(z.refine(({ from, to }) => from < to, '`from` must be before `to`')),
          )
          .check(described('Hours of the local clock.')),
        cost_ratio: z
          .optional(z.number().check(z.minimum(1), z.maximum(1000)))
          .check(
            described('How many times a failure in production costs what a good release costs that was held back.'),
          ),
      }),
    )
    .check(described('How recorded outcomes are learned from.')),
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
export type OwnConfig = NonNullable<NonNullable<FileConfig['services']>[string]>;
