import type { RecordSink } from '../../process/output.ts';
import { ProcessFailure } from '../../process/process-failure.ts';
import { run, type RunResult } from '../../process/run.ts';
import { gitFailed, gitNotRun } from './git-errors.ts';

/**
 * Settings with which a repository could start a program or change what is printed. Pagers, aliases, external diffs,
 * text conversion and transports are closed by options and by the environment; filters in `worktree.ts`.
 */
const overrides = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'i18n.logOutputEncoding=UTF-8',
  'log.follow=false',
  'log.showSignature=false',
  'safe.bareRepository=explicit',
].flatMap((setting) => ['-c', setting]);

const globalOptions = ['--no-pager', '--literal-pathspecs', ...overrides] as const;

/** A call of git at one place. `args` begins with the subcommand; text of others stands behind `--end-of-options` or `--`. */
export interface Git {
  /** @throws AqeError AQE2011 if git ends with a status other than 0. */
  text(args: readonly string[]): Promise<string>;
  /** Output by NUL-terminated record. Return false from `take` when enough was seen. @throws AqeError AQE2011. */
  records(args: readonly string[], take: RecordSink['take'], encoding?: RecordSink['encoding']): Promise<void>;
  /** The same by line. */
  lines(args: readonly string[], take: RecordSink['take']): Promise<void>;
  /** Exit status and output, whatever they are. @throws AqeError AQE2011 only if git cannot be run. */
  attempt(args: readonly string[]): Promise<RunResult>;
  /** The same place with more global options. */
  with(options: readonly string[]): Git;
}

const limits = { timeoutMs: 300_000, maxText: 64 * 1024 * 1024, maxRecord: 1024 * 1024 } as const;

/** `options` come before the subcommand. Nothing that is called through it writes to the repository. */
export function git(cwd: string, env: Readonly<Record<string, string>>, options: readonly string[] = []): Git {
  const call = async (args: readonly string[], records?: RecordSink): Promise<RunResult> => {
    const maxOutput = records ? limits.maxRecord : limits.maxText;
    try {
      const common = { cwd, env, timeoutMs: limits.timeoutMs, maxOutput };
      return await run('git', [...globalOptions, ...options, ...args], records ? { ...common, records } : common);
    } catch (error) {
      throw error instanceof ProcessFailure ? gitNotRun(args[0] ?? '', error) : error;
    }
  };
  const checked = async (args: readonly string[], records?: RecordSink): Promise<string> => {
    const { exitCode, stdout, stderr } = await call(args, records);
    if (exitCode !== 0) throw gitFailed(args[0] ?? '', exitCode, stderr);
    return stdout;
  };
  return {
    text: (args) => checked(args),
    async records(args, take, encoding = 'utf8'): Promise<void> {
      await checked(args, { separator: '\0', encoding, take });
    },
    async lines(args, take): Promise<void> {
      await checked(args, { separator: '\n', take });
    },
    attempt: (args) => call(args),
    with: (more) => git(cwd, env, [...options, ...more]),
  };
}
