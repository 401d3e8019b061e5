import type { ReleaseChange } from '../evidence/change.ts';
import type { ChangedLines } from '../evidence/changed-lines.ts';
import type { CodeIssues, Coverage } from '../evidence/reading.ts';
import { changeIsKnown } from './change-signals.ts';
import type { MetricId } from './metrics.ts';
import { newCodeOf } from './new-code.ts';
import type { NewCodeAnswer, NewCodeGap } from './new-code-answer.ts';
import { newCoverage } from './new-coverage.ts';
import { newIssues } from './new-issues.ts';
import { projectPaths } from './place-paths.ts';
import type { Sourced } from './sourced.ts';

/** The metrics of new code. `changed` is null where it was not looked at, or cannot be told. */
export function newCodeSignals(
  changed: ChangedLines | null,
  change: ReleaseChange | null,
  coverage: readonly Sourced<Coverage>[],
  issues: readonly Sourced<CodeIssues>[],
): NewCodeAnswer {
  if (changed === null) return unknown(reasonOf(change), change === null ? [] : ['git']);
  if (!changed.complete)
    return unknown('the release changes more separate places than are kept: not every new line is known', ['git']);
  const paths = projectPaths(changed.projectFiles);
  const answers = [newCoverage(changed, paths, coverage), newIssues(changed, paths, issues)];
  return {
    signals: answers.flatMap(({ signals }) => signals),
    gaps: new Map(answers.flatMap(({ gaps }) => [...gaps])),
  };
}

function unknown(reason: string, sources: readonly string[]): NewCodeAnswer {
  const gap: NewCodeGap = { state: 'missing', reason, sources };
  return { signals: [], gaps: new Map((Object.values(newCodeOf) as readonly MetricId[]).map((id) => [id, gap])) };
}

function reasonOf(change: ReleaseChange | null): string {
  if (change === null) return 'outside a git repository nothing says which code is new';
  if (!changeIsKnown(change))
    return 'the clone is shallow and holds no earlier release: fetch the history (git fetch --tags --unshallow)';
  return 'no criterion of the policy is on new code, so nobody looked which code is new';
}
