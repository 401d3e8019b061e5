import { AqeError } from '../../core/error/aqe-error.ts';
import type { Trust } from '../../app/trust.ts';
import type { ReadBundleDeps } from '../../app/bundle/read-bundle.ts';
import type { Workspace, WorkspaceOptions } from '../../app/workspace.ts';
import type { OutputFile } from '../../ports/output-file.ts';
import type { Terminal } from './style.ts';

export type FlagSpec =
  | {
      readonly type: 'string';
      readonly summary: string;
      readonly value: string;
      readonly required?: true;
      readonly choices?: readonly string[];
      readonly default?: string;
    }
  | { readonly type: 'boolean'; readonly summary: string };

export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

export type FlagValues<S extends FlagSpecs> = {
  readonly [K in keyof S]: S[K] extends { type: 'boolean' }
    ? boolean
    : S[K] extends { required: true } | { default: string }
      ? string
      : string | undefined;
};

export interface PositionalSpec {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  readonly many: boolean;
}

/** Where a command reads and writes; a test passes its own. Results go to `out`, everything else to `err`. */
export interface Io extends Terminal {
  readonly cwd: string;
  /** Whether somebody sees what goes to `err` as it comes. */
  readonly isErrTTY: boolean;
  out(text: string): void;
  err(text: string): void;
}

export interface Invocation<S extends FlagSpecs> {
  readonly flags: FlagValues<S>;
  readonly positionals: readonly string[];
}

export interface Surroundings {
  readonly io: Io;
  /** Loads the config and connects what a command needs; nothing is opened before it is used. */
  open(options: WorkspaceOptions): Promise<Workspace>;
  /** Keys and signatures; loaded when first asked for. */
  trust(): Promise<Trust>;
  /** What reading a bundle takes, which needs no project. */
  bundles(): Promise<Omit<ReadBundleDeps, 'json'>>;
  /** Writes what --output names, also where there is no workspace. */
  readonly output: OutputFile;
  /** The commands there are, by name and alias. */
  readonly loaders: Readonly<Record<string, () => Promise<AnyCommand>>>;
}

/** A command is data and `run`. Help, completion and the reference page are read off the data. */
export interface Command<S extends FlagSpecs = FlagSpecs> {
  /** `assess`, or two words for a subcommand (`config print`). */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** `deploy` commands work as `aqe deploy X` and `aqe-deploy X`, `top` commands as `aqe X`. */
  readonly under: 'deploy' | 'top';
  readonly summary: string;
  /** A paragraph for help and the reference page. */
  readonly description?: string;
  readonly examples: readonly string[];
  readonly flags: S;
  readonly positional?: PositionalSpec;
  /** What each exit status means for this command, where it differs from "0 done". */
  readonly exits?: Readonly<Partial<Record<0 | 1 | 3 | 4, string>>>;
  run(invocation: Invocation<S>, surroundings: Surroundings): Promise<number>;
}

// Methods are bivariant, so a command with its own flags fits into the list of all commands.
export type AnyCommand = Command<FlagSpecs>;

export function command<const S extends FlagSpecs>(definition: Command<S>): AnyCommand {
  return definition as unknown as AnyCommand;
}

/** Every command once, in the order of help. */
export async function loadAll(loaders: Surroundings['loaders']): Promise<readonly AnyCommand[]> {
  const loaded = await Promise.all(Object.values(loaders).map((load) => load()));
  return [...new Set(loaded)];
}

/** Runs a command with what its line says. @throws AqeError AQE1002 and what the command throws. */
export function runCommand(
  command: AnyCommand,
  { flags, positionals }: Invocation<FlagSpecs>,
  surroundings: Surroundings,
): Promise<number> {
  rejectEmpty(flags);
  return command.run({ flags, positionals }, surroundings);
}

/** @throws AqeError AQE1002. An empty value is a variable that was not set in somebody's pipeline. */
function rejectEmpty(flags: Readonly<Record<string, unknown>>): void {
  for (const [flag, value] of Object.entries(flags)) {
    if (typeof value !== 'string') continue;
    if (value.trim() === '') throw new AqeError('AQE1002', `--${flag} is empty`);
    if (value.length > 4096) throw new AqeError('AQE1002', `--${flag} is longer than 4,096 characters`);
  }
}

/** Flags that every command which looks at a project takes. */
export const projectFlags = {
  project: {
    type: 'string',
    value: 'DIR',
    summary: 'Project folder; else the folder of the config, the repository or the current folder.',
  },
  config: { type: 'string', value: 'FILE', summary: 'Config file; else aqe-deploy.yaml, searched upward.' },
  environment: {
    type: 'string',
    value: 'NAME',
    summary: 'Environment the release goes to; else the config says, else production.',
  },
  service: { type: 'string', value: 'NAME', summary: 'Service of the config that is meant; else its `service`.' },
  'policy-ref': {
    type: 'string',
    value: 'REV',
    summary: 'Git revision to read the policy from; else AQE_POLICY_REF, else policy.ref of the config.',
  },
} as const satisfies FlagSpecs;

/** Flags of commands about one release. */
export const releaseFlags = {
  version: {
    type: 'string',
    value: 'VERSION',
    required: true,
    summary: 'Release to look at. Its tag is the commit; without a tag HEAD is.',
  },
  revision: { type: 'string', value: 'REV', summary: 'Commit of the release, if neither its tag nor HEAD.' },
  baseline: { type: 'string', value: 'REV', summary: 'Release to compare with; else the newest earlier release tag.' },
  ...projectFlags,
} as const satisfies FlagSpecs;

export const outputFlags = {
  output: { type: 'string', value: 'FILE', summary: 'Write the result to a file instead of stdout.' },
  ascii: { type: 'boolean', summary: 'Draw with ASCII characters only.' },
} as const satisfies FlagSpecs;

export function formatFlag<const C extends readonly [string, ...string[]]>(...choices: C) {
  return { type: 'string', value: choices.join('|'), choices, default: choices[0], summary: 'Output format.' } as const;
}

export const jsonFlag = { json: { type: 'boolean', summary: 'Short for --format json.' } } as const satisfies FlagSpecs;
