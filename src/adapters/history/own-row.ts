import { nearest } from '../../core/error/nearest.ts';
import { outcomeStates, type DeploymentFacts } from '../../core/history/outcome.ts';
import { featureIds, type FeatureId } from '../../core/prediction/features.ts';
import { featureProblem } from '../../core/prediction/feature-problem.ts';
import type { HistoryPlace, HistoryRow } from '../../ports/deployment-history.ts';
import { commitOf, impossible, nameOf, quoted, reasonOf, timeOf } from './reader.ts';

export const textColumns = [
  'version',
  'deployed_at',
  'outcome',
  'deployment',
  'environment',
  'service',
  'commit',
  'committed_at',
  'first_commit_at',
  'recovered_at',
  'reason',
] as const;
export type TextColumn = (typeof textColumns)[number];

/** Every column of our own formats, in the order of the guide. */
export const ownColumns: readonly string[] = [...textColumns, 'unplanned', ...featureIds];

/** What a line says; absent: it does not. */
export interface OwnValues {
  readonly texts: Readonly<Partial<Record<TextColumn, string>>>;
  readonly unplanned: boolean | undefined;
  readonly features: Readonly<Partial<Record<FeatureId, number>>>;
}

/** @throws AqeError AQE2013. */
export function ownRow(source: 'ndjson' | 'csv', values: OwnValues, place: HistoryPlace): HistoryRow {
  const { texts } = values;
  const required = (column: TextColumn): string => {
    const text = texts[column];
    if (text === undefined) throw impossible(`${column} is missing`, place);
    return text;
  };
  const optional = (column: TextColumn, read: typeof timeOf): string | undefined =>
    texts[column] === undefined ? undefined : read(texts[column], column, place);
  const word = required('outcome');
  const outcome = outcomeStates.find((state) => state === word);
  if (outcome === undefined) throw impossible(`outcome ${unknownWord(word, outcomeStates)}`, place);
  const version = nameOf(required('version'), 'version', place);
  const facts: DeploymentFacts = {
    ...given('commit', optional('commit', commitOf)),
    ...given('firstCommitAt', optional('first_commit_at', timeOf)),
    ...given('committedAt', optional('committed_at', timeOf)),
    ...given('recoveredAt', optional('recovered_at', timeOf)),
    ...given('unplanned', values.unplanned),
    ...featuresIn(values.features, place),
  };
  return {
    place,
    source,
    version,
    deployment: optional('deployment', nameOf) ?? version,
    service: optional('service', nameOf) ?? null,
    environment: optional('environment', nameOf) ?? null,
    outcome,
    deployedAt: timeOf(required('deployed_at'), 'deployed_at', place),
    reason: optional('reason', reasonOf) ?? '',
    facts,
    live: true,
  };
}

function featuresIn(features: OwnValues['features'], place: HistoryPlace): Pick<DeploymentFacts, 'features'> {
  const known = featureIds.filter((id) => features[id] !== undefined);
  if (known.length === 0) return {};
  for (const id of known) {
    const problem = featureProblem(id, features[id]!);
    if (problem !== null) throw impossible(`${id} ${problem}`, place);
  }
  return { features };
}

function given<K extends keyof DeploymentFacts>(key: K, value: DeploymentFacts[K] | undefined): DeploymentFacts {
  return value === undefined ? {} : { [key]: value };
}

/** What is said of a word that is none of those that are known. */
export function unknownWord(word: string, known: readonly string[]): string {
  const guess = nearest(word.slice(0, 60), known);
  return `${quoted(word)} is not known${guess ? `; did you mean ${guess}?` : `: it is one of ${known.join(', ')}`}`;
}
