import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { rruleTemporalCalendar } from '../adapters/calendar/rrule-temporal.ts';
import { ed25519 } from '../adapters/attest/ed25519.ts';
import { keyApprover } from '../adapters/attest/key-approver.ts';
import { systemSigner } from '../adapters/attest/key-files.ts';
import { localFiles } from '../adapters/files/local-files.ts';
import { readingThreads, type ReadingThreads } from '../adapters/files/reading-threads.ts';
import { localOutput } from '../adapters/files/local-output.ts';
import { gitSource } from '../adapters/sources/git/git-source.ts';
import { gitReleaseLog } from '../adapters/sources/git/release-log.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { systemIdentity } from '../adapters/system/identity.ts';
import type { Workspace, WorkspaceOptions } from '../app/workspace.ts';
import type { LoadedConfig } from '../config/load.ts';
import { locate } from '../config/locate.ts';
import { secretVariables } from '../config/notify-from.ts';
import { rolloutFrom } from '../config/rollout-from.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { ReadWatch } from '../ports/read-watch.ts';
import { audited, auditFiles } from './audit.ts';
import { configuredReaders, mappingTrial } from './mapped-readers.ts';
import { policyInForce } from './policy.ts';
import { policyDesk } from './policy-desk.ts';
import { notifiersOf } from './notifiers.ts';
import type { ThreadData } from './reading-thread.ts';
import { redactedOutput, redactedStore, redactionOf, type Redaction } from './redaction.ts';
import { stateDatabase, stateTransfers } from './state-database.ts';

/** Connects one project. @throws AqeError 1xxx for the config or the folder. */
export async function openWorkspace(
  cwd: string,
  options: WorkspaceOptions,
  watch?: ReadWatch,
  env: Readonly<Record<string, string | undefined>> = process.env,
  redaction: Redaction = redactionOf(env),
): Promise<Workspace> {
  const located = locate({ cwd, ...options });
  const { project, config } = located;
  const sourceControl = gitSource(project);
  // Git works while the modules load. Whoever asks for the change gets the error, if there is one.
  if (options.release) sourceControl.change(options.release).catch(() => undefined);
  const [{ loaded, source, history }, { signalReaders }] = await Promise.all([
    policyInForce(located, options, sourceControl, env),
    import('../adapters/signals/index.ts'),
  ]);
  const readers = [...(await configuredReaders(loaded)), ...signalReaders];
  const { redact } = redaction;
  const { file } = loaded;
  if (file.notify) redaction.hide(secretVariables(file.notify));
  const audit = auditFiles(project, env);
  const stateFile = join(project, '.agentic-qe', 'deploy.db');
  const database = await stateDatabase(stateFile, env);
  const bundles = async () => (await import('../adapters/files/bundle-archive.ts')).bundleArchive(project, cwd);
  const system = { clock: systemClock, identity: systemIdentity };
  return {
    project,
    configPath: config === null ? null : relative(project, config) || config,
    policy: loaded.policy,
    policySource: source,
    policyHistory: history,
    policyDesk: policyDesk({
      cwd,
      options,
      loaded,
      history,
      readers: signalReaders,
      isFromRevision: source.ref !== null,
    }),
    rollout: rolloutFrom(loaded.effective),
    get values() {
      return valuesOf(loaded);
    },
    files: localFiles(project, readers, { threads: threadsFor(project, loaded.policy, watch) }),
    tryMapping: mappingTrial(project),
    sourceControl,
    deploymentHistory: {
      async *rows(request) {
        yield* (await import('../adapters/history/history-files.ts')).historyFiles(cwd).rows(request);
      },
    },
    releaseLog: gitReleaseLog(project),
    store: audited(redactedStore(database, redact), project, env, {
      ...audit,
      ...system,
      origin: redact(loaded.policy.service),
    }),
    databases: stateTransfers(stateFile, cwd, env),
    audit,
    freezeCalendar: rruleTemporalCalendar,
    signatures: ed25519,
    systemSigner: () => systemSigner(project, env),
    bundles: {
      write: async (...args) => (await bundles()).write(...args),
      open: async (...args) => (await bundles()).open(...args),
    },
    approver: {
      speaker: (people) => keyApprover(env, systemIdentity).speaker(people),
    },
    ...system,
    output: redactedOutput(localOutput(cwd), redact),
    notifiers: () => notifiersOf(file, env, system.clock),
    redact,
  };
}

/** As many threads as there are processors: reading is work for one. */
function threadsFor(project: string, { evidence }: Policy, watch: ReadWatch | undefined): ReadingThreads {
  const here = import.meta.url;
  // The built program has the thread's module beside its chunks.
  const module = new URL(here.endsWith('.ts') ? './reading-thread.ts' : './reading-thread.js', here);
  const data: ThreadData = { project, mappings: evidence.mappings };
  return readingThreads({ module, data, watch, threads: Math.min(8, availableParallelism()) });
}

function valuesOf({ effective, policy, originOf }: LoadedConfig): Workspace['values'] {
  const flat = (value: unknown, path: readonly string[]): Workspace['values'] =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
      ? Object.entries(value).flatMap(([key, inner]) => flat(inner, [...path, key]))
      : [{ path: path.join('.'), value, origin: originOf(path) }];
  return flat({ ...effective, service: policy.service }, []);
}
