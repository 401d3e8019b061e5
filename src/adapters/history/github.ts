import * as z from 'zod/mini';
import type { OutcomeState } from '../../core/history/outcome.ts';
import { plural } from '../../core/signal/format.ts';
import type { HistoryPlace } from '../../ports/deployment-history.ts';
import { foreignId, pageSession, shaped, type PageValue } from './json-values.ts';
import { unknownWord } from './own-row.ts';
import { commitOf, impossible, nameOf, timeOf, unreadable, type Emit, type HistoryReader } from './reader.ts';
import { shortRef, Versions } from './release-of.ts';

const states = ['success', 'failure', 'error', 'inactive', 'pending', 'queued', 'in_progress'] as const;
type State = (typeof states)[number];

const statusSchema = z.object({
  id: z.optional(foreignId),
  state: z.nullish(z.string()),
  created_at: z.string(),
  deployment_url: z.optional(z.string()),
});
const deploymentSchema = z.object({
  id: foreignId,
  sha: z.string(),
  ref: z.string(),
  environment: z.string(),
  created_at: z.string(),
  statuses: z.optional(z.array(statusSchema)),
});

interface Status {
  readonly state: State;
  readonly at: string;
  readonly id: number;
}

interface Seen {
  readonly place: HistoryPlace;
  readonly commit: string;
  readonly ref: string;
  readonly environment: string;
  readonly createdAt: string;
}

/**
 * Deployments and their statuses as the REST API gives them, on pages in any order and number. A deployment or status that stands on
 * two pages, since pages move while they are read, is one; if the two differ the file cannot be.
 */
export function githubHistory(emit: Emit): HistoryReader {
  const deployments = new Map<number, Seen>();
  const statuses = new Map<number, Map<string, Status>>();
  const versions = new Versions();

  const takeStatus = (deployment: number, value: PageValue, said: z.infer<typeof statusSchema>): void => {
    const { place } = value;
    const at = timeOf(said.created_at, `${value.at}.created_at`, place);
    const word = said.state ?? 'pending';
    const state = states.find((each) => each === word);
    if (state === undefined) throw impossible(`${value.at}.state ${unknownWord(word, states)}`, place);
    const key = said.id === undefined ? `${at} ${state}` : `${said.id}`;
    const known = statuses.get(deployment) ?? new Map<string, Status>();
    const other = known.get(key);
    if (other !== undefined && (other.state !== state || other.at !== at))
      throw impossible(`${value.at} says of status ${key} something else than another page`, place);
    known.set(key, { state, at, id: said.id ?? 0 });
    statuses.set(deployment, known);
  };
  const takeDeployment = (value: PageValue): void => {
    const said = shaped(deploymentSchema, value);
    const { place, at } = value;
    const seen: Seen = {
      place,
      commit: commitOf(said.sha, `${at}.sha`, place),
      ref: nameOf(shortRef(said.ref), `${at}.ref`, place),
      environment: nameOf(said.environment, `${at}.environment`, place),
      createdAt: timeOf(said.created_at, `${at}.created_at`, place),
    };
    const known = deployments.get(said.id);
    if (known !== undefined && !isSame(known, seen))
      throw impossible(`${at} says of deployment ${said.id} something else than another page`, place);
    deployments.set(said.id, known ?? seen);
    versions.see(seen.ref, seen.commit);
    for (const [index, status] of (said.statuses ?? []).entries())
      takeStatus(said.id, { ...value, at: `${at}.statuses[${index}]` }, status);
  };

  return {
    open: (path) =>
      pageSession(path, (value) => {
        if (!isStatus(value.value)) return takeDeployment(value);
        const said = shaped(statusSchema, value);
        const id = /\/deployments\/(\d{1,15})$/.exec(said.deployment_url ?? '')?.[1];
        if (id === undefined) throw unreadable(`${value.at}.deployment_url names no deployment`, value.place);
        takeStatus(Number(id), value, said);
      }),
    end() {
      let silent = 0;
      for (const [id, { place, commit, ref, environment, createdAt }] of deployments) {
        const said = [...(statuses.get(id)?.values() ?? [])];
        if (said.length === 0) silent += 1;
        const { outcome, deployedAt, live } = courseOf(said, createdAt);
        const version = versions.versionOf(ref, commit);
        const reason = outcome === 'failed' ? 'its newest deployment status says so' : '';
        const row = { place, version, environment, outcome, deployedAt, reason, live, facts: { commit } };
        emit({ ...row, source: 'github', deployment: `github/${id}`, service: null });
      }
      const strays = [...statuses.keys()].filter((id) => !deployments.has(id)).length;
      return [
        ...(silent > 0
          ? [
              `${plural(silent, 'deployment')} without any status here: pending, unless more is known already. Are --statuses complete?`,
            ]
          : []),
        ...(strays > 0 ? [`statuses of ${plural(strays, 'deployment')} that no file has were left out`] : []),
      ];
    },
  };
}

/** Both have a `created_at`; only a status tells which deployment it is of, and only a deployment has a commit. */
function isStatus(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'state' in value && !('sha' in value);
}

function isSame(one: Seen, other: Seen): boolean {
  const { place: _, ...said } = one;
  return Object.entries(said).every(([key, value]) => value === other[key as keyof typeof said]);
}

/**
 * What the statuses of one deployment come to. The newest one counts, but `inactive` says only that another deployment came after:
 * then what was said before it does.
 */
function courseOf(
  statuses: readonly Status[],
  createdAt: string,
): { readonly outcome: OutcomeState; readonly deployedAt: string; readonly live: boolean } {
  const told = statuses.filter(({ state }) => state !== 'inactive').toSorted(inTime);
  const reached = told.find(({ state }) => state === 'success');
  const newest = told.at(-1);
  const live = reached !== undefined;
  const deployedAt = reached?.at ?? createdAt;
  if (newest?.state === 'success') return { outcome: 'success', deployedAt, live };
  if (newest?.state === 'failure' || newest?.state === 'error')
    return { outcome: 'failed', deployedAt: reached?.at ?? newest.at, live };
  return { outcome: 'pending', deployedAt, live };
}

function inTime(a: Status, b: Status): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  // Of one second, as two quick steps are: the later has the greater id; without ids the one that goes further.
  return a.id - b.id || states.indexOf(b.state) - states.indexOf(a.state);
}
