import * as z from 'zod';
import type { Backtest } from '../../app/backtest.ts';
import { outcomes } from '../../core/history/outcome.ts';

const text = z.string();
const time = z.iso.datetime().meta({ description: 'ISO-8601, UTC.' });
const count = z.int().min(0);
const share = z.number().min(0).max(1);
const decision = z.enum(['APPROVED', 'BLOCKED', 'INCONCLUSIVE', 'PENDING_APPROVAL']).meta({ id: 'Decision' });
const within = z.readonly(z.tuple([z.number(), z.number()]));
const interval = within.nullable().meta({ description: '95 %; null where there is nothing to count.' });

const figure = z
  .union([z.strictObject({ value: z.number(), reason: z.null() }), z.strictObject({ value: z.null(), reason: text })])
  .meta({ id: 'Figure', description: 'A figure, or why there is none.' });
const rate = z
  .strictObject({ count, of: count, share: share.nullable(), interval })
  .meta({ id: 'Rate', description: 'So many of so many. Share and interval lie between 0 and 1.' });
const skill = z
  .strictObject({ skill: figure, interval })
  .meta({ id: 'Skill', description: '1 − loss / loss of the running base rate; below 0 it is worse than that.' });

const verdicts = z
  .strictObject({
    n: count,
    trueBlocks: count.meta({ description: 'Held back, and it failed.' }),
    falseBlocks: count.meta({ description: 'Held back, yet it succeeded.' }),
    truePasses: count,
    falsePasses: count.meta({ description: 'Let through, and it failed.' }),
    undecided: z
      .strictObject({ succeeded: count, failed: count })
      .meta({ description: 'Neither blocked nor let through; in no share.' }),
    accuracy: rate,
    accuracyOfOneWord: rate.meta({ description: 'What the same word for every release would have had right.' }),
    falseBlocksOfGood: rate,
    falseBlocksOfBlocks: rate,
    falsePassesOfFailed: rate,
    falsePassesOfPasses: rate,
  })
  .meta({ id: 'Verdicts' });

const quality = z
  .strictObject({
    auc: figure,
    prAuc: figure,
    brier: figure,
    logLoss: figure,
    ece: figure,
    brierSkill: skill,
    logLossSkill: skill,
    captureTop5: figure.meta({ description: 'Share of the failures among the 5 % with the highest forecasts.' }),
    captureTop10: figure,
    reliability: z.array(
      z.strictObject({
        from: share,
        to: share,
        n: count,
        meanPredicted: share.nullable(),
        observed: share.nullable(),
        interval,
      }),
    ),
    threshold: share.meta({ description: 'Forecast above which a release counts as held back here.' }),
    verdicts,
    costs: z.strictObject({
      costRatio: z.number(),
      cost: z.number().meta({ description: 'The unit is one good release held back.' }),
      alwaysApprove: z.number(),
      alwaysBlock: z.number(),
      better: z.enum(['always-approve', 'always-block']),
      saved: z.number().meta({ description: 'Against the better one; below 0 the forecasts cost more.' }),
      savedShare: z.number().max(1).nullable(),
    }),
  })
  .meta({ id: 'Quality' });

const release = z
  .strictObject({
    version: text,
    deployment: text,
    deployedAt: time,
    outcome: z.enum(outcomes),
    recorded: decision.nullable(),
    judged: decision.nullable(),
    reason: text.nullable(),
  })
  .meta({ id: 'ReplayedRelease' });

const schema = z.strictObject({
  schemaVersion: z.literal('1'),
  service: text,
  environment: text,
  asOf: time,
  days: count.nullable(),
  costRatio: z.number(),
  counts: z
    .strictObject({ deployments: count, older: count, future: count, pending: count, inferred: count, judged: count })
    .meta({ description: 'The last five add up to the first.' }),
  forecasts: z.strictObject({
    n: count,
    failures: count,
    from: time.nullable(),
    to: time.nullable(),
    notEnough: text.nullable(),
    model: quality,
    shown: quality,
    baseRate: quality,
  }),
  recorded: z.strictObject({ verdicts, unknown: count }),
  policy: z
    .strictObject({
      name: text,
      verdicts,
      recordedOfSame: verdicts,
      blocked: z.array(release),
      differing: z.array(release),
      summary: z.array(z.strictObject({ before: decision, after: decision, count })),
      notJudged: z.array(z.strictObject({ reason: text, count, versions: z.array(text) })),
      partsNotJudged: z.array(text),
    })
    .nullable(),
});

/** The data without `readonly` marks, which schemas do not know. */
type Plain<T> = T extends readonly (infer E)[]
  ? T extends readonly [infer A, infer B]
    ? [Plain<A>, Plain<B>]
    : Plain<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Plain<T[K]> }
    : T;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** What `backtest --format json` prints. Does not compile unless it describes `Backtest` exactly. */
const backtestSchema: Same<
  Plain<z.infer<typeof schema>>,
  Plain<Backtest & { readonly schemaVersion: '1' }>
> extends true
  ? typeof schema
  : never = schema;

/** JSON Schema (draft 2020-12) of a backtest; ships as schema/backtest.schema.json. */
export function backtestJsonSchema(): Record<string, unknown> {
  return {
    $id: 'https://aqe-deploy.dev/schema/backtest.schema.json',
    title: 'Backtest of forecasts and decisions',
    ...z.toJSONSchema(backtestSchema, { target: 'draft-2020-12', io: 'output' }),
  };
}
