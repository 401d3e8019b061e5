import {
  configFrom,
  policyThen,
  readConfig,
  type ConfigOptions,
  type ConfigText,
  type LoadedConfig,
} from '../config/load.ts';
import { configPlaces, type Located } from '../config/locate.ts';
import { parseConfig } from '../config/parse.ts';
import type { KeysOnDisk } from '../config/people-from.ts';
import { keyFilesIn, keysIn, personOf } from '../config/read-keys.ts';
import type { PolicySource } from '../core/decision/assessment.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import type { PolicyHistory } from '../ports/policy-history.ts';
import type { SourceControl } from '../ports/source-control.ts';

export interface PolicyOptions extends ConfigOptions {
  /** Git revision to read the policy from, whatever the work tree says. */
  readonly policyRef?: string;
}

export interface PolicyInForce {
  readonly loaded: LoadedConfig;
  readonly source: PolicySource;
  readonly history: PolicyHistory;
}

/**
 * The policy of a project: from the revision that the flag names, else AQE_POLICY_REF, else `policy.ref` of the config in
 * the work tree; else from the work tree. Where a revision is named, nothing of the work tree's config or keys counts.
 * @throws AqeError AQE1003–AQE1005 for the config, AQE1011 and AQE3040 for the revision, AQE2011 and AQE2012.
 */
export async function policyInForce(
  located: Located,
  options: PolicyOptions,
  sourceControl: SourceControl,
  env: Readonly<Record<string, string | undefined>>,
): Promise<PolicyInForce> {
  const named = namedRef(options, env);
  if (named !== null) return fromRevision(located, options, sourceControl, { ref: named, isPinned: true });
  const own = await readConfig(located);
  const ref = own.parsed?.config.policy?.ref;
  if (ref !== undefined) {
    const found = await fromRevision(located, options, sourceControl, { ref, isPinned: false });
    await refuseOtherRef(found, ref, sourceControl);
    return found;
  }
  const loaded = await configFrom(located, options, own);
  const { effective } = loaded;
  const places = configPlaces(located);
  const files = [
    ...(located.config === null ? [] : places.slice(0, 1)),
    ...loaded.keyFiles.map((name) => `${effective.keys_directory}/${name}`),
  ];
  return {
    loaded,
    source: { path: own.shown || null, ref: null, commit: null },
    history: historyOf(located, options, sourceControl, { places, files, loaded, isPinned: false }),
  };
}

/** @throws AqeError AQE1011. An empty name is a variable that was not set in somebody's pipeline. */
function namedRef({ policyRef }: PolicyOptions, env: Readonly<Record<string, string | undefined>>): string | null {
  const [from, name] =
    policyRef === undefined ? ['AQE_POLICY_REF', env['AQE_POLICY_REF']] : ['--policy-ref', policyRef];
  if (name === undefined) return null;
  if (name.trim() === '') throw new AqeError('AQE1011', `${from} is empty`);
  return name;
}

async function fromRevision(
  located: Located,
  options: PolicyOptions,
  sourceControl: SourceControl,
  { ref, isPinned }: { readonly ref: string; readonly isPinned: boolean },
): Promise<PolicyInForce> {
  const places = configPlaces(located);
  // A config that lies nearer than the one of the revision is new: it must not count, and the other one is not for it.
  const wanted = located.config === null ? places : places.slice(0, 1);
  const then = await textAt(sourceControl, wanted, ref);
  if (then === null) {
    const lacking =
      wanted.length === 0
        ? 'the project or its config is not in a git repository'
        : `${JSON.stringify(ref)} has no ${wanted.join(' or ')}`;
    throw new AqeError('AQE3040', lacking, { ref });
  }
  const parsed = await parseConfig(then.shown, then.text);
  const asked = { ...options, keysIn: keysAt(sourceControl, then.commit) };
  const loaded = await configFrom(located, asked, { shown: then.shown, parsed });
  return {
    loaded,
    source: { path: then.path, ref, commit: then.commit },
    history: historyOf(located, options, sourceControl, { places, files: null, loaded, isPinned }),
  };
}

/** A work tree that names another revision than the policy itself does has been changed. */
async function refuseOtherRef(
  { loaded, source }: PolicyInForce,
  ref: string,
  { fileAt }: SourceControl,
): Promise<void> {
  const own = loaded.file.policy?.ref;
  if (own === ref) return;
  const there = own === undefined ? null : await fileAt(own, source.path ?? '').catch(() => null);
  if (there !== null && there.commit === source.commit) return;
  const words = own === undefined ? 'names none itself' : `names ${JSON.stringify(own)}`;
  throw new AqeError(
    'AQE3040',
    `the config of the work tree names ${JSON.stringify(ref)}, and the config there ${words}`,
    {
      ref,
    },
  );
}

function historyOf(
  located: Located,
  options: PolicyOptions,
  sourceControl: SourceControl,
  now: Pick<PolicyHistory, 'places' | 'files'> & { readonly loaded: LoadedConfig; readonly isPinned: boolean },
): PolicyHistory {
  const { places, files, loaded, isPinned } = now;
  // Named outside of the project, it is the same for every commit.
  const refOf = (file: LoadedConfig['file']): string | null => (isPinned ? null : (file.policy?.ref ?? null));
  return {
    places: places.length === 0 ? [] : [...places, loaded.effective.keys_directory],
    files,
    ref: refOf(loaded.file),
    async at(revision) {
      const then = await textAt(sourceControl, places, revision);
      const text: ConfigText = {
        shown: then?.shown ?? '',
        parsed: then && (await parseConfig(then.shown, then.text)),
      };
      const asked = { ...options, keysIn: keysAt(sourceControl, revision) };
      const { policy, file } = await policyThen(located, asked, text);
      return { policy, present: then !== null, ref: refOf(file) };
    },
  };
}

/** The first of the places that holds a file at a revision. */
async function textAt(sourceControl: SourceControl, places: readonly string[], revision: string) {
  for (const path of places) {
    const found = await sourceControl.fileAt(revision, path);
    if (found !== null) return { ...found, path, shown: `${revision}:${path}` };
  }
  return null;
}

function keysAt(sourceControl: SourceControl, revision: string): (folder: string) => Promise<KeysOnDisk> {
  return async (folder) => {
    const start = `${folder.replace(/\/+$/, '')}/`;
    const there = await sourceControl.filesAt(revision, [start]);
    const below = [...(there?.files.keys() ?? [])].map((path) => path.slice(start.length));
    const names = keyFilesIn(
      below.filter((name) => !name.includes('/')),
      folder,
    );
    const keys: Record<string, readonly string[]> = {};
    for (let at = 0; at < names.length; at += 8)
      await Promise.all(
        names.slice(at, at + 8).map(async (name) => {
          const path = `${revision}:${start}${name}`;
          const found = await sourceControl.fileAt(revision, start + name);
          if (found === null) throw new AqeError('AQE1005', 'it is not a regular file', { path });
          keys[personOf(name)] = keysIn(found.text, path);
        }),
      );
    return keys;
  };
}
