import * as z from 'zod/mini';
import type { OutcomeState } from '../../core/history/outcome.ts';
import { plural } from '../../core/signal/format.ts';
import type { HistoryPlace } from '../../ports/deployment-history.ts';
import { foreignId, pageSession, shaped } from './json-values.ts';
import { unknownWord } from './own-row.ts';
import { commitOf, impossible, nameOf, timeOf, type Emit, type HistoryReader } from './reader.ts';
import { shortRef, Versions } from './release-of.ts';

const states = {
  created: 'pending',
  running: 'pending',
  blocked: 'pending',
  success: 'success',
  failed: 'failed',
  // They never began, or ended before they reached anything.
  canceled: null,
  skipped: null,
} as const satisfies Record<string, OutcomeState | null>;

const time = z.nullish(z.string());
const deploymentSchema = z.object({
  id: foreignId,
  status: z.string(),
  sha: z.string(),
  ref: z.string(),
  created_at: z.string(),
  updated_at: time,
  finished_at: time,
  environment: z.object({ name: z.string() }),
  deployable: z.nullish(
    z.object({
      finished_at: time,
      commit: z.nullish(z.object({ id: z.optional(z.string()), created_at: time, committed_date: time })),
    }),
  ),
});

interface Seen {
  readonly place: HistoryPlace;
  readonly commit: string;
  readonly ref: string;
  readonly environment: string;
  readonly outcome: OutcomeState | null;
  readonly deployedAt: string;
  readonly committedAt: string | null;
}

/** Deployments as the REST API gives them, on pages in any order and number. One that stands on two pages, the same, is one. */
export function gitlabHistory(emit: Emit): HistoryReader {
  const deployments = new Map<number, Seen>();
  const versions = new Versions();
  return {
    open: (path) =>
      pageSession(path, (value) => {
        const said = shaped(deploymentSchema, value);
        const { place, at } = value;
        const known = Object.entries(states).find(([word]) => word === said.status);
        if (known === undefined)
          throw impossible(`${at}.status ${unknownWord(said.status, Object.keys(states))}`, place);
        const job = said.deployable;
        const optional = (text: string | null | undefined, what: string): string | null =>
          text == null ? null : timeOf(text, `${at}.${what}`, place);
        const createdAt = timeOf(said.created_at, `${at}.created_at`, place);
        const ended =
          optional(job?.finished_at, 'deployable.finished_at') ??
          optional(said.finished_at, 'finished_at') ??
          optional(said.updated_at, 'updated_at');
        if (ended !== null && ended < createdAt) throw impossible(`${at} ended before it was created`, place);
        const isOver = known[1] === 'success' || known[1] === 'failed';
        const seen: Seen = {
          place,
          commit: commitOf(said.sha, `${at}.sha`, place),
          ref: nameOf(shortRef(said.ref), `${at}.ref`, place),
          environment: nameOf(said.environment.name, `${at}.environment.name`, place),
          outcome: known[1],
          deployedAt: isOver ? (ended ?? createdAt) : createdAt,
          committedAt:
            optional(job?.commit?.committed_date, 'deployable.commit.committed_date') ??
            optional(job?.commit?.created_at, 'deployable.commit.created_at'),
        };
        const before = deployments.get(said.id);
        const { place: _, ...facts } = seen;
        if (before && Object.entries(facts).some(([key, each]) => each !== before[key as keyof typeof facts]))
          throw impossible(`${at} says of deployment ${said.id} something else than another page`, place);
        deployments.set(said.id, before ?? seen);
        versions.see(seen.ref, seen.commit);
      }),
    end() {
      let left = 0;
      for (const [id, { place, commit, ref, environment, outcome, deployedAt, committedAt }] of deployments) {
        if (outcome === null) {
          left += 1;
          continue;
        }
        const facts = { commit, ...(committedAt === null ? {} : { committedAt }) };
        const reason = outcome === 'failed' ? 'its deployment job failed' : '';
        const version = versions.versionOf(ref, commit);
        const row = { place, version, environment, outcome, deployedAt, reason, facts, live: outcome === 'success' };
        emit({ ...row, source: 'gitlab', deployment: `gitlab/${id}`, service: null });
      }
      return left > 0 ? [`${plural(left, 'deployment')} canceled or skipped: left out, nothing was deployed`] : [];
    },
  };
}
