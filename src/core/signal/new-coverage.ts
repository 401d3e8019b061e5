import { countWithin, type ChangedLines } from '../evidence/changed-lines.ts';
import { isSourceFile } from '../evidence/file-kinds.ts';
import { sumCounts, unionHits } from '../evidence/line-hits.ts';
import type { Count, Coverage, LineHits } from '../evidence/reading.ts';
import { number, plural } from './format.ts';
import { mergeCoverage, type MergedCoverage } from './merge-coverage.ts';
import { placesOf, type ProjectPaths } from './place-paths.ts';
import { gapOf, newSince, type NewCodeAnswer } from './new-code-answer.ts';
import { ratioSignal, sourcesOf, type Sourced } from './sourced.ts';

/** What one group of joined reports says of the new lines. */
interface NewCoverage {
  readonly sources: readonly string[];
  /** null if the group instruments none of them. */
  readonly count: Count | null;
  /** Changed files that it lists line by line. */
  readonly listed: ReadonlySet<string>;
}

/**
 * Covered of instrumented lines among the new ones, reports joined and kept apart as for the whole project. A changed source file
 * that no report lists has no instrumented line; the basis says how many there are. Where no new line is instrumented nothing
 * was measured.
 */
export function newCoverage(
  changed: ChangedLines,
  paths: ProjectPaths,
  reports: readonly Sourced<Coverage>[],
): NewCodeAnswer {
  const metric = 'new_line_coverage';
  const sourceFiles = changed.files.filter(({ path }) => isSourceFile(path));
  const groups = mergeCoverage(reports.map(({ source, format, fact }) => ({ source, format, coverage: fact }))).map(
    (group) => coverageOf(group, changed, paths),
  );
  const known = groups.flatMap(({ count, sources }) => (count === null ? [] : [{ count, sources }]));
  const worst = known.reduce<(typeof known)[number] | undefined>(
    (low, next) =>
      low === undefined || next.count.part * low.count.whole < low.count.part * next.count.whole ? next : low,
    undefined,
  );
  const unlisted = sourceFiles.filter(({ path }) => !groups.some(({ listed }) => listed.has(path))).length;
  if (worst) {
    const { count, sources } = worst;
    const others = known.length > 1 ? `, lowest of ${known.length} reports that are not joined` : '';
    const silent = unlisted > 0 ? `; ${plural(unlisted, 'changed source file')} in no coverage report` : '';
    const basis = `${number(count.part)} of ${number(count.whole)} new lines ${newSince(changed)}${others}${silent}`;
    return { signals: [ratioSignal(metric, count, [...sources, 'git'].sort(), basis)], gaps: new Map() };
  }
  const sources = sourcesOf(reports);
  if (sourceFiles.length === 0)
    return gapOf(metric, 'not-applicable', `no line of source code is new ${newSince(changed)}`, ['git']);
  if (unlisted === 0)
    return gapOf(metric, 'not-applicable', `no new line can be executed, by ${sources.join(', ')}`, sources);
  const which = `${number(unlisted)} of ${plural(sourceFiles.length, 'changed source file')}`;
  return gapOf(metric, 'missing', `no new line is instrumented: ${which} in no coverage report with lines`, sources);
}

function coverageOf({ sources, files }: MergedCoverage, changed: ChangedLines, paths: ProjectPaths): NewCoverage {
  const withHits = files.flatMap(({ folder, file: { path, hits } }) => (hits ? [{ folder, path, hits }] : []));
  const placesIn = placesOf(paths, withHits);
  const hitsOf = new Map<string, LineHits>();
  for (const each of withHits) {
    const [place, another] = placesIn(each);
    if (place === undefined || another !== undefined) continue;
    const before = hitsOf.get(place);
    hitsOf.set(place, before ? unionHits(before, each.hits) : each.hits);
  }
  const listed = changed.files.filter(({ path }) => hitsOf.has(path));
  return {
    sources,
    count: sumCounts(listed.map(({ path, lines }) => countWithin(hitsOf.get(path)!, lines))),
    listed: new Set(listed.map(({ path }) => path)),
  };
}
