import { featureIds } from '../core/prediction/features.ts';
import type { ReleaseModel } from '../core/prediction/release-model.ts';

/** A number in JSON; one that is too large to be one reads as Infinity. */
type Check = (value: unknown) => boolean;

const number: Check = (value) => Number.isFinite(value);
/** Log-odds and what makes them up: far more than any share comes to, and sums of their products are finite. */
const logOdds: Check = (value) => number(value) && Math.abs(value as number) <= 1e9;
const spread: Check = (value) => number(value) && (value as number) >= 0;
const share: Check = (value) => spread(value) && (value as number) <= 1;
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const text: Check = (value) => typeof value === 'string';
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    words.includes(value as string);
const list =
  (check: Check, length?: number): Check =>
  (value) =>
    Array.isArray(value) && (length === undefined || value.length === length) && value.every((each) => check(each));
const object =
  (members: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(members).every(([key, check]) => Object.hasOwn(value, key) && check(Reflect.get(value, key)));

const features: Check = (value) =>
  list(oneOf(...featureIds))(value) && new Set(value as readonly string[]).size === (value as readonly string[]).length;
const positive: Check = (value) => number(value) && (value as number) > 0;
const reference = object({ center: number, scale: positive, releases: count });

const outline = object({
  schemaVersion: oneOf('1'),
  learnedFrom: object({
    deployments: count,
    failures: count,
    from: orNull(text),
    to: orNull(text),
    modelVersion: text,
    trainingDigest: text,
    shows: oneOf('prior', 'model', 'base-rate'),
    because: text,
    inferred: count,
    drift: orNull(text),
  }),
  features,
  references: object({}),
  trees: orNull(
    object({
      features,
      model: object({ base: logOdds, cuts: list(list(number)), trees: list(list(logOdds)) }),
      record: object({ releases: count, logLoss: number, regressionLogLoss: number }),
    }),
  ),
  baseRate: object({ mean: logOdds, sd: (value) => spread(value) && logOdds(value) }),
  rolledBack: count,
  failures: count,
  rolledBackShare: object({ mean: share, interval: list(share, 2) }),
  window: orNull(spread),
  ownRecord: orNull(
    object({
      releases: count,
      failures: count,
      brier: number,
      baseRateBrier: number,
      logLoss: number,
      baseRateLogLoss: number,
      auc: orNull(share),
      ece: number,
    }),
  ),
});

/** Whether a release can be scored with it: every part is there, of its type and finite, and trees end. */
export function isReleaseModel(value: unknown): value is ReleaseModel {
  if (!outline(value)) return false;
  const model = value as ReleaseModel;
  const width = model.features.length + 1;
  return (
    list(logOdds, width)(model.mean) &&
    list(list(logOdds, width), width)(model.covariance) &&
    model.features.every((id) => Object.hasOwn(model.references, id)) &&
    Object.values(model.references).every(reference) &&
    (model.trees === null || areTrees(model.trees))
  );
}

/** Nodes as `core/learn/trees.ts` names them: a leaf is −1 and a value; else column and side, cut, value, then both sides. */
function areTrees({ features: columns, model: { cuts, trees } }: NonNullable<ReleaseModel['trees']>): boolean {
  return cuts.length === columns.length && trees.every((tree) => isTree(tree, cuts));
}

const mostNumbers = 4_000;

function isTree(tree: readonly number[], cuts: readonly (readonly number[])[]): boolean {
  if (tree.length > mostNumbers) return false;
  let at = 0;
  for (let missing = 1; missing > 0;) {
    const head = tree[at];
    if (head === -1) {
      at += 2;
      missing -= 1;
      continue;
    }
    const cut = tree[at + 1];
    if (head === undefined || cut === undefined || !count(head) || !count(cut)) return false;
    if (cut >= (cuts[head >> 1]?.length ?? 0)) return false;
    at += 3;
    missing += 1;
  }
  return at === tree.length;
}
