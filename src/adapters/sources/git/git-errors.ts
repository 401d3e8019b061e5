import { AqeError } from '../../../core/error/aqe-error.ts';
import type { ProcessFailure } from '../../process/process-failure.ts';

const damage = 'the repository lacks objects or is damaged; run `git fsck`, or clone again';

/** First match wins. What git says is looked at only to pick one of our sentences: it names local paths. */
const known: readonly (readonly [RegExp, string])[] = [
  [
    /dubious ownership|is owned by/i,
    'the repository belongs to another user; if you trust it, run `git config --global --add safe.directory <folder>`',
  ],
  [/bare repository/i, 'the folder is a bare repository; use a clone that has the files'],
  [/promisor|lazy fetch|not our ref/i, 'the clone is partial and lacks objects; clone again without --filter'],
  [
    /unknown option|unknown switch|unrecognized argument|usage: git/i,
    'the installed git is too old; version 2.31 or later is needed',
  ],
  [
    /bad object|unable to read|missing (blob|tree|commit)|invalid object|could not (read|parse)|corrupt|bad tree/i,
    damage,
  ],
  [/bad config|bad numeric config|bad boolean config/i, 'a git config file has a mistake; run `git config --list`'],
  [/permission denied/i, 'files of the repository cannot be read; check their permissions'],
  [/this operation must be run in a work tree/i, 'the folder lies outside the working tree'],
];

export function gitFailed(command: string, exitCode: number, stderr: string): AqeError {
  const reason = known.find(([pattern]) => pattern.test(stderr))?.[1];
  return new AqeError('AQE2011', reason ?? `git ${command} ended with status ${exitCode}`, { command, exitCode });
}

export function gitNotRun(command: string, failure: ProcessFailure): AqeError {
  const reasons = {
    'not-found': 'git is not installed or not in PATH',
    'not-started': 'git cannot be started',
    timeout: `git ${command} took too long; the disk or the repository is too slow`,
    'too-much-output': `git ${command} wrote too much`,
    killed: `git ${command} was ended from outside`,
  } as const;
  return new AqeError('AQE2011', reasons[failure.reason], { command }, failure);
}

export function damaged(): AqeError {
  return new AqeError('AQE2011', damage);
}

/** Output that does not have the promised shape: better no number than a wrong one. */
export function unexpectedOutput(command: string): AqeError {
  return new AqeError('AQE2011', `git ${command} answered in an unexpected form`, { command });
}

export function unknownRevision(what: 'revision' | 'baseline' | 'commit', name: string): AqeError {
  return new AqeError('AQE2012', `there is no ${what} ${JSON.stringify(name)}`, { [what]: name });
}
