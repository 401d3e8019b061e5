import type { AnyCommand } from '../../src/surfaces/cli/command.ts';

/** What a command needs beside --version to be run at all. */
const needed: Readonly<Record<string, readonly string[]>> = {
  'check-gate': ['--gate', 'security'],
  'approve-request': ['--recipients', 'ada@example.com'],
  reject: ['--comment', 'the numbers are old'],
  override: ['--gate', 'security', '--justification', 'nobody can reach it', '--expires', '1h'],
  'emergency-approve': ['--approver', 'cto@example.com', '--justification', 'nobody can pay'],
  review: ['--note', 'looked at all of it'],
  bundle: ['--output', 'release.aqe.tgz'],
  record: ['--outcome', 'success'],
  'history import': ['--from-git-tags'],
};

/** Commands that record something or want more than a project: what they print depends on what was before. */
export const acting: ReadonlySet<string> = new Set([
  'approve-request',
  'approve',
  'reject',
  'override',
  'emergency-approve',
  'review',
  'approvals',
  'bundle',
  'record',
  'history import',
]);

/** Commands that need something of their own to print a result; their tests are elsewhere. */
export const needsMore: ReadonlySet<string> = new Set([
  'compare',
  'db copy',
  'keys show',
  'verify',
  'policy diff',
  'policy test',
  'policy lint',
]);

/** The words of a command with what it needs. */
export function wordsOf({ name }: Pick<AnyCommand, 'name'>, under = name): readonly string[] {
  return [...under.split(' '), ...(needed[name] ?? [])];
}
