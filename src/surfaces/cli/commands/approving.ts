import type { Given } from '../../../app/give-approval.ts';
import type { ApprovalDeps } from '../../../app/record-word.ts';
import type { Workspace } from '../../../app/workspace.ts';
import { parseDuration } from '../../../config/duration.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { projectFlags, type FlagSpecs, type FlagValues, type Surroundings } from '../command.ts';
import { approvalsPage, recordedPage } from '../render/approvals.ts';
import { styleFor } from '../style.ts';
import { ending, json, projectOf } from './assessing.ts';

/** Flags of commands about approvals. */
export const approvalFlags = {
  version: { type: 'string', value: 'VERSION', required: true, summary: 'Release that it is about.' },
  ...projectFlags,
  json: { type: 'boolean', summary: 'Print the result as JSON.' },
} as const satisfies FlagSpecs;

/** Flags of commands with which a person says something. */
export const wordFlags = {
  ...approvalFlags,
  expires: {
    type: 'string',
    value: 'TIME',
    summary: 'How long it holds (4h), or until when (2026-03-02T12:00:00Z); else as long as the policy allows.',
  },
  digest: { type: 'string', value: 'DIGEST', summary: 'Decision that is meant; an error if the latest is another.' },
  approver: {
    type: 'string',
    value: 'EMAIL',
    summary: 'Who you are; recorded as unverified unless your key says the same.',
  },
} as const satisfies FlagSpecs;

export type ApprovalFlagValues = FlagValues<typeof approvalFlags>;
export type WordFlagValues = FlagValues<typeof wordFlags>;

/** What the common flags say, in the terms of the use cases. @throws AqeError AQE1002. */
export function inputOf(flags: WordFlagValues, comment: string | undefined, { clock }: ApprovalDeps) {
  const { version, digest, approver } = flags;
  return { version, digest, approver, comment: comment ?? '', expiresAt: expiryOf(flags.expires, clock.now()) };
}

/** The instant that `4h` or a time with its zone stands for; null for nothing. @throws AqeError AQE1002. */
export function expiryOf(text: string | undefined, now: Date): string | null {
  if (text === undefined) return null;
  const duration = parseDuration(text);
  const at = duration === null ? timeOf(text) : now.getTime() + duration;
  if (Number.isNaN(at)) throw new AqeError('AQE1002', '--expires is neither a duration (4h) nor a time with its zone');
  if (!(at > now.getTime()) || at > 8.64e15) throw new AqeError('AQE1002', '--expires is not in the future');
  return new Date(at).toISOString();
}

function timeOf(text: string): number {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
}

/** Opens the project, does the work, and closes the store whatever happens. */
export async function withProject(
  flags: ApprovalFlagValues,
  { open }: Surroundings,
  work: (workspace: Workspace) => Promise<number>,
): Promise<number> {
  if (flags.version.length > 200) throw new AqeError('AQE1002', '--version is longer than 200 characters');
  const workspace = await open(projectOf(flags));
  try {
    return await work(workspace);
  } finally {
    await workspace.store.close();
  }
}

/** Prints what was recorded and what it is worth now. `done`: nothing is waited for any more. */
export function conclude(
  { hand, record, trouble, doubt, sanctions }: Given,
  done: boolean,
  {
    flags,
    surroundings: { io },
    more = {},
  }: {
    readonly flags: ApprovalFlagValues;
    readonly surroundings: Surroundings;
    readonly more?: Readonly<Record<string, string | null>>;
  },
): number {
  const { service, version, environment, decided } = hand;
  const { envelope: _, ...shown } = record;
  if (flags.json)
    io.out(
      json({
        schemaVersion: '1',
        service,
        version,
        environment,
        decisionDigest: decided.decisionDigest,
        recorded: shown,
        counts: trouble === null,
        reason: trouble,
        ...more,
        approvals: sanctions,
      }),
    );
  else {
    const style = styleFor(io, false);
    io.out(recordedPage({ record, trouble, doubt, hand, more }, style));
    const others = sanctions.void.filter(({ id }) => id !== record.id);
    if (record.kind !== 'withdraw') io.out(approvalsPage({ ...sanctions, void: others }, style));
  }
  return ending(done && trouble === null ? 0 : 4, io);
}
