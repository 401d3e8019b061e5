import { sidecarName, type Sidecar } from '../core/evidence/sidecar.ts';
import { AqeError } from '../core/error/aqe-error.ts';
import { listed } from '../core/signal/sourced.ts';
import type { Workspace } from './workspace.ts';

export interface StampInput {
  /** Paths in the project; absolute ones must lie below it. */
  readonly files: readonly string[];
  readonly output?: string;
  readonly artifact?: string;
  readonly producer?: string;
}

/**
 * Writes the sidecar for reports of the current commit.
 * @throws AqeError AQE2008 and others for a file that is no usable evidence, AQE2011 outside version control, AQE2010 when tracked
 * files other than the reports differ from the commit: then the reports are not of that commit.
 */
export async function stampEvidence(
  workspace: Workspace,
  input: StampInput,
): Promise<{ readonly path: string; readonly sidecar: Sidecar }> {
  const { files, sourceControl, policy } = workspace;
  const head = await sourceControl.resolve({ version: '' });
  if (head === null) throw new AqeError('AQE2011', 'a stamp names a commit, and the project has none');
  // `reports/*` names the sidecar of the last time too.
  const reports = input.files.filter((path) => !isSidecar(path));
  if (reports.length === 0) throw new AqeError('AQE2010', 'no report is named, only a sidecar');
  const readings = await Promise.all(reports.map((path) => files.read(path, { limits: policy.evidence.limits })));
  for (const reading of readings) if (reading.outcome === 'refused') throw reading.error;

  const paths = readings.map(({ path }) => path).sort();
  const folder = commonFolder(paths);
  const output = input.output ?? folder + sidecarName;
  const base = output.includes('/') ? output.slice(0, output.lastIndexOf('/') + 1) : '';
  const outside = output.startsWith('../') ? paths[0] : paths.find((path) => !path.startsWith(base));
  if (outside !== undefined)
    throw new AqeError('AQE2010', `${outside} does not lie below the sidecar's folder`, { path: output });

  const except = [...paths, output, ...configInside(workspace.configPath)].sort();
  const changed = (await sourceControl.modifiedFiles()).filter(
    (path) => !except.includes(path) && !path.startsWith('.agentic-qe/') && !isSidecar(path),
  );
  if (changed.length > 0)
    throw new AqeError(
      'AQE2010',
      `the work tree differs from the commit in ${listed(changed)}: commit first, then run the tools, then stamp`,
      { path: output },
    );

  const sidecar: Sidecar = {
    schemaVersion: 1,
    commit: head.commit,
    sources: { sha256: await sourceControl.sourcesDigest(head.commit, except), except },
    artifact: input.artifact ?? null,
    producer: input.producer ?? workspace.identity.osUser(),
    stampedAt: workspace.clock.now().toISOString(),
    files: readings
      .map((reading) => ({
        path: reading.path.slice(base.length),
        sha256: reading.sha256 ?? '',
        bytes: reading.bytes ?? 0,
        format: reading.format,
      }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
  await workspace.output.write(`${workspace.project}/${output}`, `${JSON.stringify(sidecar, null, 2)}\n`);
  return { path: output, sidecar };
}

function isSidecar(path: string): boolean {
  return path === sidecarName || path.endsWith(`/${sidecarName}`);
}

/** The policy is not source: it may change without making evidence stale. A config elsewhere is not part of the project anyway. */
function configInside(path: string | null): readonly string[] {
  return path === null || path.startsWith('..') || path.startsWith('/') ? [] : [path];
}

/** The deepest folder that holds all the paths, with a trailing slash; empty for the project itself. */
function commonFolder(paths: readonly string[]): string {
  const [first = '', ...rest] = paths.map((path) => path.split('/').slice(0, -1));
  const depth = [...first].findIndex((part, index) => rest.some((other) => other[index] !== part));
  const shared = depth === -1 ? first : first.slice(0, depth);
  return shared.length > 0 ? `${(shared as readonly string[]).join('/')}/` : '';
}
