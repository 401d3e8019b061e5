import * as z from 'zod/mini';
import { comparisons, routerKinds, strategies } from '../core/rollout/rollout-settings.ts';
import { described, duration, name, sentence, text } from './basic-schema.ts';
import { parseLatency, parseShare, parseThreshold } from './rollout-values.ts';

const share = z.string().check(
  z.refine((value) => parseShare(value) !== null, 'write a share of 0% to 100%, such as 2% or 99.5%'),
  z.meta({ description: 'A share in percent.', pattern: '^\\d{1,3}(\\.\\d{1,6})?%$' }),
);
const latency = z.string().check(
  z.refine((value) => parseLatency(value) !== null, 'write a latency such as 800ms or 2s'),
  z.meta({ description: 'A latency: a whole number and ms, s or m.', pattern: '^\\d{1,9}(ms|s|m)$' }),
);
const threshold = z
  .union([
    z.number(),
    z
      .string()
      .check(z.refine((value) => parseThreshold(value) !== null, 'write a number, a share (80%) or a latency (800ms)')),
  ])
  .check(described('A number, a share such as 80%, or a latency such as 800ms.'));
const holding = duration.check(described('How long it has to hold without a break.'));

const responseTime = z.strictObject({
  percentile: z.string().check(z.regex(/^p(?:[1-9]\d?|\d{2}\.\d{1,3})$/, 'write a percentile such as p95 or p99.9')),
  above: latency,
  for: holding,
});

const triggers = z
  .strictObject({
    error_rate: z.optional(z.strictObject({ above: share, for: holding })),
    response_time: z
      .optional(z.union([responseTime, z.array(responseTime).check(z.minLength(1))]))
      .check(described('One percentile with its limit, or a list of them.')),
    availability: z.optional(z.strictObject({ below: share, for: holding })),
    custom: z.optional(
      z
        .array(
          z.strictObject({
            name,
            comparison: z.enum(comparisons).check(described('What holds when the release is bad.')),
            threshold,
            for: holding,
          }),
        )
        .check(
          z.refine(
            (list) => new Set(list.map((each) => `${each.name} ${each.comparison}`)).size === list.length,
            'two triggers are about the same metric',
          ),
        ),
    ),
  })
  .check(described('What rolls a release back.'));

const percentOfTraffic = z.int().check(z.minimum(1), z.maximum(100));
const steps = z
  .array(z.union([percentOfTraffic, z.strictObject({ percent: percentOfTraffic, bake: z.optional(duration) })]))
  .check(
    z.minLength(1),
    z.refine((list) => isRising(list.map(percentOf)), 'the steps must rise and end with 100'),
    described('Percents of the traffic that the new release gets, one after the other; the last is 100.'),
  );

const cache = z.strictObject({
  action: z.enum(['none', 'flush-prefix']),
  prefix: z
    .optional(
      z
        .string()
        .check(
          z.regex(
            /^[A-Za-z0-9][A-Za-z0-9_.:/-]{1,199}$/,
            'write two or more letters, digits or _.:/- without wildcards',
          ),
        ),
    )
    .check(described('Keys that start with it are flushed, and no others.')),
});

const rollback = z.strictObject({
  owner: z.optional(text).check(described('Person or team that rolls back.')),
  steps: z
    .optional(
      z
        .array(z.strictObject({ action: sentence, owner: z.optional(text), automated: z.optional(z.boolean()) }))
        .check(z.minLength(1), z.maxLength(50)),
    )
    .check(described('Your own procedure; it stands in place of the one of the strategy.')),
  backups: z
    .optional(
      z
        .array(z.strictObject({ what: text, location: sentence, declared_at: z.optional(instant()) }))
        .check(z.maxLength(50)),
    )
    .check(described('Backups that you declare; nothing here looks whether they are there.')),
  cache: z
    .optional(
      cache.check(
        z.refine((value) => (value.action === 'flush-prefix') === (value.prefix !== undefined), {
          error: 'flush-prefix and prefix go together',
          path: ['prefix'],
        }),
      ),
    )
    .check(described('What becomes of cached values; a whole cache is never flushed.')),
  communication: z
    .optional(z.array(z.strictObject({ notify: text, when: sentence })).check(z.maxLength(50)))
    .check(described('Who is told, and when.')),
});

/** Section `rollout`: how a release reaches its users and how it is taken back. No part of the policy. */
export const rolloutSchema = z
  .strictObject({
    strategy: z.optional(z.enum(strategies)),
    steps: z.optional(steps),
    bake: z.optional(duration).check(described('How long a step, or a rollback, is watched.')),
    router: z
      .optional(z.strictObject({ kind: z.enum(routerKinds), name: z.optional(text) }))
      .check(described('What moves the traffic, and the name of the backend, upstream or deployment there.')),
    regions: z
      .optional(
        z.array(name).check(
          z.minLength(1),
          z.maxLength(100),
          z.refine((list) => new Set(list).size === list.length, 'a region stands here twice'),
        ),
      )
      .check(described('Regions in the order of the rollout; with strategy multi-region.')),
    max_failed_regions: z
      .optional(z.int().check(z.minimum(0)))
      .check(described('More failed regions than this roll all of them back.')),
    triggers: z.optional(triggers),
    rollback: z.optional(rollback),
  })
  .check(
    z.refine(
      ({ strategy = 'multi-region', ...own }) =>
        strategy === 'multi-region' || (own.regions === undefined && own.max_failed_regions === undefined),
      'regions and max_failed_regions go with strategy multi-region',
    ),
    described('How a release reaches its users, and how it is taken back.'),
  );

export type RolloutConfig = z.infer<typeof rolloutSchema>;

function percentOf(step: number | { readonly percent: number }): number {
  return typeof step === 'number' ? step : step.percent;
}

function isRising(percents: readonly number[]): boolean {
  return percents.at(-1) === 100 && percents.every((each, index) => index === 0 || each > percents[index - 1]!);
}

function instant() {
  return z.string().check(
    z.regex(/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?Z)?$/, 'write a day or a UTC time: 2026-09-30T14:23:05Z'),
    z.refine((value) => !Number.isNaN(Date.parse(value)), 'there is no such day or time'),
  );
}
