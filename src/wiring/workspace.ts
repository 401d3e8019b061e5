import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { localFiles } from '../adapters/files/local-files.ts';
import { readingThreads, type ReadingThreads } from '../adapters/files/reading-threads.ts';
import { localOutput } from '../adapters/files/local-output.ts';
import { gitSource } from '../adapters/sources/git/git-source.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { systemIdentity } from '../adapters/system/identity.ts';
import type { Workspace, WorkspaceOptions } from '../app/workspace.ts';
import { loadConfig, type LoadedConfig } from '../config/load.ts';
import { locate } from '../config/locate.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { ReadWatch } from '../ports/read-watch.ts';
import type { Store } from '../ports/store.ts';
import { configuredReaders, mappingTrial } from './mapped-readers.ts';
import type { ThreadData } from './reading-thread.ts';

/** Connects one project. @throws AqeError 1xxx for the config or the folder. */
export async function openWorkspace(cwd: string, options: WorkspaceOptions, watch?: ReadWatch): Promise<Workspace> {
  const located = locate({ cwd, ...options });
  const { project, config } = located;
  const sourceControl = gitSource(project);
  // Git works while the modules load. Whoever asks for the change gets the error, if there is one.
  if (options.release) sourceControl.change(options.release).catch(() => undefined);
  const [loaded, { signalReaders }] = await Promise.all([
    loadConfig(located, options),
    import('../adapters/signals/index.ts'),
  ]);
  const readers = [...(await configuredReaders(loaded)), ...signalReaders];
  return {
    project,
    configPath: config === null ? null : relative(project, config) || config,
    policy: loaded.policy,
    get values() {
      return valuesOf(loaded);
    },
    files: localFiles(project, readers, { threads: threadsFor(project, loaded.policy, watch) }),
    tryMapping: mappingTrial(project),
    sourceControl,
    store: lazyStore(join(project, '.agentic-qe', 'deploy.db')),
    clock: systemClock,
    identity: systemIdentity,
    output: localOutput(cwd),
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

/** The database driver is loaded when something is first asked of the store. */
function lazyStore(file: string): Store {
  let opened: Promise<Store> | null = null;
  const open = (): Promise<Store> =>
    (opened ??= import('../adapters/stores/sqlite/open.ts').then(({ openSqliteStore }) => openSqliteStore(file)));
  return {
    saveAssessment: async (...args) => (await open()).saveAssessment(...args),
    assessments: async (...args) => (await open()).assessments(...args),
    saveAttestation: async (...args) => (await open()).saveAttestation(...args),
    attestations: async (...args) => (await open()).attestations(...args),
    debts: async (...args) => (await open()).debts(...args),
    check: async () => (await open()).check(),
    close: async () => (opened === null ? undefined : (await opened).close()),
  };
}

function valuesOf({ effective, policy, originOf }: LoadedConfig): Workspace['values'] {
  const flat = (value: unknown, path: readonly string[]): Workspace['values'] =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
      ? Object.entries(value).flatMap(([key, inner]) => flat(inner, [...path, key]))
      : [{ path: path.join('.'), value, origin: originOf(path) }];
  return flat({ ...effective, service: policy.service }, []);
}
