import type { ReleaseChange } from '../../core/evidence/change.ts';
import type { FreezeCalendar } from '../../ports/freeze-calendar.ts';
import type { PolicyHistory } from '../../ports/policy-history.ts';
import type { SourceControl } from '../../ports/source-control.ts';
import type { RecordQuery, RecordTableName, Store, StoreRecords } from '../../ports/store.ts';
import type { AssessDeps } from '../assess.ts';
import type { Workspace } from '../workspace.ts';
import { recording, type Answers } from './answers.ts';
import type { DecisionLog } from './audit-slice.ts';
import { askedOf, type BundleRequest } from './bundle-request.ts';
import { recordingFiles, type RecordedFiles } from './evidence-answers.ts';
import { standingStill } from './replay.ts';

export interface RecordedDeps {
  readonly deps: AssessDeps;
  readonly answers: Answers;
  readonly settle: RecordedFiles['settle'];
}

/** The workspace as it was when the decision was made, keeping what it answers. `clean` takes out what no bundle may hold. */
export function recordedDeps(
  workspace: Workspace,
  request: BundleRequest,
  change: ReleaseChange | null,
  log: DecisionLog,
  clean: (plain: unknown) => unknown,
): RecordedDeps {
  const answers: Answers = new Map();
  const { files, settle } = recordingFiles(workspace.files, answers, clean);
  const sourceControl = change === null ? workspace.sourceControl : namedAsThen(workspace.sourceControl, change);
  const store = storeThen(workspace.store, log);
  return {
    answers,
    settle,
    deps: {
      signatures: workspace.signatures,
      ...standingStill(workspace, request),
      files,
      sourceControl: recording<SourceControl, (typeof askedOf.sourceControl)[number]>(
        'sourceControl',
        sourceControl,
        askedOf.sourceControl,
        answers,
        clean,
      ),
      policyHistory: {
        ...request.policyHistory,
        ...recording<PolicyHistory, 'at'>(
          'policyHistory',
          workspace.policyHistory,
          askedOf.policyHistory,
          answers,
          clean,
        ),
      },
      freezeCalendar: {
        ...workspace.freezeCalendar,
        ...recording<FreezeCalendar, 'freezesAt'>(
          'freezeCalendar',
          workspace.freezeCalendar,
          askedOf.freezeCalendar,
          answers,
          clean,
        ),
      },
      store: { ...store, ...recording<Store, 'find'>('store', store, askedOf.store, answers, clean) },
    },
  };
}

/** Commits are asked for by their ids, so that tags and HEAD may move; the answers call them what they were called then. */
function namedAsThen(sourceControl: SourceControl, then: ReleaseChange): SourceControl {
  const { from } = then.head;
  const ref = then.baseline?.ref;
  return {
    ...sourceControl,
    async resolve(query) {
      const head = await sourceControl.resolve(query);
      return head && { ...head, from };
    },
    async change(query) {
      const change = await sourceControl.change(query);
      if (change === null) return null;
      const { head, baseline } = change;
      return {
        ...change,
        head: { ...head, from },
        baseline: baseline && ref !== undefined ? { ...baseline, ref } : baseline,
      };
    },
    async changedLines(query) {
      const lines = await sourceControl.changedLines(query);
      return lines && lines.since !== null && ref !== undefined ? { ...lines, since: ref } : lines;
    },
  };
}

/** The store as it was before the decision. */
function storeThen(store: Store, log: DecisionLog): Store {
  return {
    ...store,
    async find<T extends RecordTableName>(table: T, query: RecordQuery): Promise<readonly StoreRecords[T][]> {
      const { limit } = query;
      // The decision and its debts are the two that may come on top of the later ones.
      const more = log.laterIn(table) + ownAtMost;
      const found = await store.find(table, limit === undefined ? query : { ...query, limit: limit + more });
      const then = found.filter((record) => log.wasThere(table, record));
      return limit === undefined ? then : then.slice(0, limit);
    },
  };
}

/** Records of one table that one decision adds: one for each gate at most. */
const ownAtMost = 1000;
