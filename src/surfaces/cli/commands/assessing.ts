import { assess, type Assessed } from '../../../app/assess.ts';
import type { Workspace, WorkspaceOptions } from '../../../app/workspace.ts';
import type { ReleaseQuery } from '../../../ports/source-control.ts';
import { parseDigest } from '../../../core/attest/vsa.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { inline } from '../../../core/report/encode.ts';
import { meaningOf } from '../exit-codes.ts';
import type { FlagSpecs, FlagValues, Io, Surroundings } from '../command.ts';

interface ProjectFlagValues {
  readonly project: string | undefined;
  readonly config: string | undefined;
  readonly environment: string | undefined;
  readonly service: string | undefined;
  readonly 'policy-ref': string | undefined;
}

interface ReleaseFlagValues extends ProjectFlagValues {
  readonly version: string;
  readonly revision: string | undefined;
  readonly baseline: string | undefined;
}

export interface AssessingOptions {
  readonly fastTrack?: { readonly priority: string } | null;
  readonly level?: 'full' | 'essential';
  readonly strict?: boolean;
  readonly region?: string | undefined;
  readonly artifact?: string | undefined;
}

/** What is asked beside the release. With other answers it is another decision, with approvals of its own. */
export const questionFlags = {
  priority: {
    type: 'string',
    value: 'normal|high|critical',
    choices: ['normal', 'high', 'critical'],
    default: 'normal',
    summary: 'Priority of the release; a fast-track needs critical.',
  },
  'fast-track': {
    type: 'boolean',
    summary: 'Let only the gates under fast_track.gates count; the others are shown and recorded as debt.',
  },
  artifact: {
    type: 'string',
    value: 'DIGEST',
    summary:
      'What is to be released: sha256:…, sha512:… or gitCommit:…. The decision and its approvals are about it alone.',
  },
  region: {
    type: 'string',
    value: 'NAME',
    summary: 'Region it goes to, for freezes of a region; else it goes to all.',
  },
} as const satisfies FlagSpecs;

/** What these flags say. @throws AqeError AQE1002. */
export function questionOf({
  priority,
  artifact,
  region,
  ...flags
}: FlagValues<typeof questionFlags>): Pick<AssessingOptions, 'fastTrack' | 'artifact' | 'region'> {
  if (flags['fast-track'] && priority !== 'critical')
    throw new AqeError('AQE1002', '--fast-track is for --priority critical only');
  if (artifact !== undefined && parseDigest(artifact) === null)
    throw new AqeError('AQE1002', '--artifact is sha256:, sha512: or gitCommit: and its lower-case hex digits');
  return { fastTrack: flags['fast-track'] ? { priority } : null, artifact, region };
}

/** Opens the project and assesses the release that the common flags name. */
export async function assessFor(
  flags: ReleaseFlagValues,
  surroundings: Surroundings,
  options: AssessingOptions = {},
): Promise<Assessed & { readonly workspace: Workspace }> {
  if (flags.version.length > 200) throw new AqeError('AQE1002', '--version is longer than 200 characters');
  const release = given({ version: flags.version, revision: flags.revision, baseline: flags.baseline }) as ReleaseQuery;
  const workspace = await surroundings.open({
    ...projectOf(flags),
    release,
  });
  try {
    const assessed = await assess(workspace, {
      policy: workspace.policy,
      release,
      fastTrack: options.fastTrack ?? null,
      level: options.level ?? 'full',
      strict: options.strict ?? false,
      policySource: workspace.policySource,
      ...given({ region: options.region, artifact: options.artifact }),
    });
    return { ...assessed, workspace };
  } catch (error) {
    await workspace.store.close();
    throw error;
  }
}

/** What the common flags say about the project to open. */
export function projectOf(flags: ProjectFlagValues): WorkspaceOptions {
  const { project, config, environment, service, 'policy-ref': policyRef } = flags;
  return given({ project, config, environment, service, policyRef });
}

/** JSON is asked for by --json or --format json. */
export function wantsJson({ json: short, format }: { readonly json: boolean; readonly format: string }): boolean {
  return short || format === 'json';
}

/** The object without its undefined values. */
export function given<T extends Readonly<Record<string, unknown>>>(
  values: T,
): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** Prints a result, or writes it to the file that --output names. */
export async function deliver(
  text: string,
  output: string | undefined,
  workspace: Pick<Workspace, 'output'>,
  io: Io,
): Promise<void> {
  if (output === undefined) io.out(text);
  else {
    await workspace.output.write(output, text);
    io.err(`wrote ${output}\n`);
  }
}

/** Says on the last line of stderr what the exit status means. */
export function ending(code: number, io: Io): number {
  io.err(`exit ${code}: ${meaningOf(code)}\n`);
  return code;
}

/**
 * JSON for a result: two spaces, one newline at the end. What a terminal would obey, or show in another order, is
 * written as an escape, which leaves the value what it is.
 */
export function json(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replace(/[^\n -~]/gu, (character) =>
    inline(character) === character ? character : character.replace(/[^]/g, escaped),
  );
  return `${text}\n`;
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
