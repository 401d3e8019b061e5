import { bind, type ReleasePoint, type SidecarClaim } from '../core/evidence/bind.ts';
import type { EvidenceRecord } from '../core/evidence/evidence.ts';
import { factKinds, type FactKind } from '../core/evidence/reading.ts';
import { parseSidecar, sidecarName, type Sidecar, type SidecarFile } from '../core/evidence/sidecar.ts';
import { stageOf } from '../core/evidence/stage.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import { mappedMetrics, mappingFormat, type EvidenceMapping } from '../core/policy/evidence-mapping.ts';
import type { NamedEvidence, Policy } from '../core/policy/policy.ts';
import type { Clock } from '../ports/clock.ts';
import type { EvidenceFiles, FileReading } from '../ports/evidence-files.ts';
import type { FileHistory, SourceControl } from '../ports/source-control.ts';

export interface CollectDeps {
  readonly files: EvidenceFiles;
  readonly sourceControl: SourceControl;
  readonly clock: Clock;
}

export interface Collected {
  /** Sorted by path. */
  readonly evidence: readonly EvidenceRecord[];
  /** Files in report folders that no reader knows, and places that were not looked at, with the reason. */
  readonly ignored: readonly { readonly path: string; readonly reason: string }[];
  /** Paths that match each glob of `find`. */
  readonly found: Readonly<Record<string, readonly string[]>>;
}

export interface CollectOptions {
  /** Exactly these files are read, and nothing is looked for. */
  readonly only?: readonly string[];
  /** Globs of other files to look for on the way. */
  readonly find?: readonly string[];
}

/** Paths that discovery keeps for one glob at most. */
const findLimit = 1000;

interface Wanted {
  readonly path: string;
  readonly named: NamedEvidence | null;
  /** Given by the user or the config: not knowing its format is an error and not a shrug. */
  readonly explicit: boolean;
  /** A mapping of the config is for it. */
  readonly isMapped?: true;
}

/**
 * Finds, reads and binds the reports of a project. The release may still be on its way: it is waited for when all is read.
 * @throws AqeError AQE1008, AQE2011; never for what a report contains.
 */
export async function collectEvidence(
  deps: CollectDeps,
  policy: Policy,
  pending: ReleasePoint | null | Promise<ReleasePoint | null>,
  { only = [], find = [] }: CollectOptions = {},
): Promise<Collected> {
  // Its error is for the `await` below, which may come long after it.
  Promise.resolve(pending).catch(() => undefined);
  const { wanted, absent, skipped, found } = await whatToRead(deps.files, policy, only, find);
  const readings = await mapLimited(wanted, 8, async (entry) => ({
    entry,
    file: await deps.files.read(entry.path, {
      ...(entry.named?.format ? { format: entry.named.format } : {}),
      limits: policy.evidence.limits,
    }),
  }));
  const sidecars = await loadSidecars(
    deps.files,
    readings.map(({ file }) => file.path),
  );
  const stamped = only.length > 0 ? [] : sidecars.unread(new Set(readings.map(({ file }) => file.path)));
  for (const { path } of stamped)
    readings.push({
      entry: { path, named: null, explicit: true },
      file: await deps.files.read(path, { limits: policy.evidence.limits }),
    });
  const gone = new Set(
    readings
      .filter(({ file }) => file.sha256 === null && stamped.some(({ path }) => path === file.path))
      .map(({ file }) => file.path),
  );
  const known = readings.filter(
    ({ entry, file }) =>
      !gone.has(file.path) && (entry.explicit || file.outcome === 'read' || file.error.code !== 'AQE2004'),
  );
  // Where a commit is named the history of the file has nothing to add.
  const unnamed = known.filter(
    ({ entry, file }) =>
      file.outcome === 'read' && !file.reading.commit && !entry.named?.commit && !sidecars.claimFor(file),
  );
  const release = await pending;
  const asked = release ? unnamed.map(({ file }) => file.path) : [];
  const history = asked.length > 0 ? await deps.sourceControl.fileHistory(asked) : new Map<string, FileHistory>();
  const sameSources = sourcesComparer(deps.sourceControl, release?.commit ?? null);

  const records = await mapLimited(known, 8, async ({ entry, file }): Promise<EvidenceRecord> => {
    const stamp = sidecars.claimFor(file);
    const base = baseRecord(deps.files, policy.evidence.mappings, entry, file);
    if (file.outcome === 'refused')
      return { ...base, state: 'unreadable', reason: `${file.error.detail}`, code: file.error.code };
    const listing = stamp ?? sidecars.listing(file.path);
    if (listing !== null && stamp === null) {
      const reason = `changed since it was stamped in ${listing.path}; stamp it again`;
      return { ...base, state: 'stale', reason, code: null, reading: file.reading };
    }
    const claim: SidecarClaim | null = stamp && {
      commit: stamp.sidecar.commit,
      stampedAt: stamp.sidecar.stampedAt,
      sameSources: await sameSources(stamp.sidecar),
    };
    const past = history.get(file.path);
    const bound = bind(
      {
        reportCommit: file.reading.commit ?? null,
        reportTime: file.reading.takenAt ?? null,
        sidecar: claim,
        configCommit: entry.named?.commit ?? null,
        committed: past?.kind === 'committed' ? past : null,
        beyondHistory: past?.kind === 'unknown',
        isStatement: file.reading.facts.length > 0 && file.reading.facts.every(({ kind }) => kind === 'vex'),
        modifiedAt: file.modifiedAt ?? deps.clock.now().toISOString(),
      },
      {
        release,
        sameCommit: deps.sourceControl.sameCommit,
        maxAge: entry.named?.maxAge !== undefined ? entry.named.maxAge : policy.evidence.maxAge,
        requireCommit: policy.evidence.requireCommit,
        now: deps.clock.now().toISOString(),
      },
    );
    return { ...base, ...bound, code: null, artifact: stamp?.sidecar.artifact ?? null, reading: file.reading };
  });
  const missing = [...absent, ...stamped.filter(({ path }) => gone.has(path))].map((gap) =>
    missingRecord(deps.files, policy.evidence.mappings, gap),
  );
  const ignored = [
    ...readings
      .filter((reading) => !known.includes(reading) && !gone.has(reading.file.path))
      .map(({ file }) => ({ path: file.path, reason: 'no reader knows this format' })),
    ...skipped,
    ...sidecars.problems,
  ];
  return { evidence: [...records, ...missing].sort(byPath), ignored: ignored.sort(byPath), found };
}

async function whatToRead(files: EvidenceFiles, policy: Policy, only: readonly string[], find: readonly string[]) {
  if (only.length > 0) {
    const wanted = only.map((path): Wanted => ({ path, named: null, explicit: true }));
    return { wanted, absent: [], skipped: [], found: {} };
  }
  const { candidates, skipped, found } = await files.discover({
    exclude: policy.evidence.exclude,
    limits: policy.evidence.limits,
    find: [
      ...policy.evidence.files.map(({ path }) => path),
      ...policy.evidence.mappings.flatMap(({ files: globs }) => globs),
      ...find,
    ],
  });
  const wanted = new Map<string, Wanted>(
    candidates.map(({ path, because }) => [path, { path, named: null, explicit: because === 'name' }]),
  );
  const absent: Gap[] = [];
  for (const entry of policy.evidence.files) {
    const matches = found[entry.path] ?? [];
    if (matches.length === 0)
      absent.push({
        path: entry.path,
        format: entry.format ?? null,
        reason: `named in the config and not there${entry.format ? '' : ' (state its format, and only that kind waits for it)'}`,
      });
    for (const path of matches) wanted.set(path, { path, named: entry, explicit: true });
  }
  for (const mapping of policy.evidence.mappings) {
    for (const glob of mapping.files) {
      const matches = found[glob] ?? [];
      const reason = unmapped(matches.length);
      if (reason) absent.push({ path: glob, format: mappingFormat(mapping.name), reason });
      for (const path of matches)
        wanted.set(path, { path, named: wanted.get(path)?.named ?? null, explicit: true, isMapped: true });
    }
  }
  return { wanted: [...wanted.values()], absent, skipped, found };
}

/** Why a glob of a mapping does not say all that it could; null if it does. */
function unmapped(matches: number): string | null {
  if (matches === 0) return 'a mapping of the config reads it, and nothing is there';
  return matches < findLimit ? null : `${findLimit} files or more match, and no more are read: narrow the glob`;
}

interface Gap {
  readonly path: string;
  readonly format: string | null;
  readonly reason: string;
}

function baseRecord(
  files: EvidenceFiles,
  mappings: readonly EvidenceMapping[],
  entry: Wanted,
  file: FileReading,
): Omit<EvidenceRecord, 'state' | 'reason' | 'code'> {
  const facts = file.outcome === 'read' ? file.reading.facts.map((fact) => fact.kind) : null;
  const metrics = metricsOf(mappings, file.format);
  // The config contradicts itself: what the file would have said is not even known by its kind.
  const isDisputed = entry.isMapped && metrics.metrics === undefined;
  return {
    path: file.path,
    format: file.format,
    kinds: isDisputed ? factKinds : facts ? [...new Set(facts)] : (givenBy(files, file.format) ?? []),
    ...metrics,
    stage: entry.named?.stage ?? stageOf(file.path),
    sha256: file.sha256,
    bytes: file.bytes,
    commit: null,
    artifact: null,
    takenAt: file.modifiedAt,
    boundBy: 'none',
    reading: null,
  };
}

function missingRecord(
  files: EvidenceFiles,
  mappings: readonly EvidenceMapping[],
  { path, format, reason }: Gap,
): EvidenceRecord {
  return {
    path,
    state: 'missing',
    reason,
    code: null,
    format,
    // Of a report whose format nobody knows every kind could be missing.
    kinds: givenBy(files, format) ?? factKinds,
    ...metricsOf(mappings, format),
    stage: stageOf(path),
    sha256: null,
    bytes: null,
    commit: null,
    artifact: null,
    takenAt: null,
    boundBy: 'none',
    reading: null,
  };
}

function metricsOf(mappings: readonly EvidenceMapping[], format: string | null): Pick<EvidenceRecord, 'metrics'> {
  const metrics = mappedMetrics(mappings, format);
  return metrics ? { metrics } : {};
}

function givenBy(files: EvidenceFiles, format: string | null): readonly FactKind[] | null {
  return files.readers.find((reader) => reader.id === format)?.gives ?? null;
}

interface LoadedSidecar {
  /** Folder of the sidecar with a trailing slash; empty for the project itself. */
  readonly folder: string;
  readonly path: string;
  readonly sidecar: Sidecar;
  readonly byPath: ReadonlyMap<string, SidecarFile>;
}

/** Sidecars lie in the folder of a report or in one above it. The nearest one that knows the file's exact content speaks for it. */
async function loadSidecars(files: EvidenceFiles, paths: readonly string[]) {
  const folders = [...new Set(paths.flatMap(foldersOf))].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const loaded: LoadedSidecar[] = [];
  const problems: { path: string; reason: string }[] = [];
  await mapLimited(folders, 16, async (folder) => {
    const path = folder + sidecarName;
    try {
      const text = await files.text(path, 4 * 1024 * 1024);
      if (text === null) return;
      const sidecar = parseSidecar(path, text);
      loaded.push({ folder, path, sidecar, byPath: new Map(sidecar.files.map((file) => [folder + file.path, file])) });
    } catch (error) {
      if (!(error instanceof AqeError)) throw error;
      problems.push({ path, reason: error.message });
    }
  });
  loaded.sort((a, b) => b.folder.length - a.folder.length || (a.folder < b.folder ? -1 : 1));
  return {
    problems,
    claimFor: (file: FileReading): LoadedSidecar | null =>
      loaded.find(({ byPath }) => byPath.get(file.path)?.sha256 === file.sha256 && file.sha256 !== null) ?? null,
    /** The sidecar that lists the file, with whatever content. */
    listing: (path: string): LoadedSidecar | null => loaded.find(({ byPath }) => byPath.has(path)) ?? null,
    /** Stamped files that discovery did not come across, or that are not there at all. */
    unread: (read: ReadonlySet<string>): readonly Gap[] =>
      loaded.flatMap(({ path, byPath }) =>
        [...byPath]
          .filter(([file]) => !read.has(file))
          .map(([file, { format }]) => ({ path: file, format, reason: `stamped in ${path} and not there` })),
      ),
  };
}

/** `a/b/c.xml` → `a/b/`, `a/`, ``. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => `${parts.slice(0, parts.length - index).join('/')}/`).concat('');
}

/** Whether the sources a sidecar was made from are those of the release; each distinct question is asked once. */
function sourcesComparer(sourceControl: SourceControl, commit: string | null): (sidecar: Sidecar) => Promise<boolean> {
  const digests = new Map<string, Promise<string>>();
  return async ({ commit: stamped, sources }) => {
    if (commit === null) return false;
    // One commit has one content.
    if (stamped !== null && sourceControl.sameCommit(stamped, commit)) return true;
    if (sources === null) return false;
    const key = sources.except.join('\n');
    const digest = digests.get(key) ?? sourceControl.sourcesDigest(commit, sources.except);
    digests.set(key, digest);
    return (await digest) === sources.sha256;
  };
}

async function mapLimited<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array<R>(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]!);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
