import { deploymentsIn } from '../../../app/deployments.ts';
import { recordOutcome, type RecordedOutcome } from '../../../app/record-outcome.ts';
import { trainModel } from '../../../app/train-model.ts';
import { AqeError } from '../../../core/error/aqe-error.ts';
import { nameProblem, reasonProblem } from '../../../core/history/contradiction.ts';
import { instantOf } from '../../../core/history/instant.ts';
import { outcomeStates, type OutcomeState } from '../../../core/history/outcome.ts';
import { short } from '../../../core/report/encode.ts';
import { plural } from '../../../core/signal/format.ts';
import { command, formatFlag, jsonFlag, projectFlags } from '../command.ts';
import { page, type Page } from '../render/page.ts';
import { styleFor } from '../style.ts';
import { ending, json, projectOf, wantsJson } from './assessing.ts';
import { countsNow, countWords, type Counts } from './counting-outcomes.ts';

export const recordCommand = command({
  name: 'record',
  under: 'deploy',
  summary: 'Record how a deployment ended, so that the next one is judged by it.',
  description:
    'success: it stayed and nobody had to intervene. rolled-back: the release before it was put back. hotfixed: a new release was rushed out to repair it. failed: it did harm and was repaired in another way, or the attempt to deploy it failed. pending: nobody knows yet. A second statement about the same deployment amends the first, which stays on record. What the release looked like is taken from its assessment.',
  examples: [
    'aqe deploy record --version v2.5.0 --outcome success',
    'aqe deploy record --version v2.5.0 --outcome failed --reason "timeouts"',
    'aqe deploy record --version v2.4.1 --outcome success --unplanned',
  ],
  flags: {
    version: { type: 'string', value: 'VERSION', required: true, summary: 'Release that was deployed.' },
    outcome: {
      type: 'string',
      value: 'OUTCOME',
      choices: outcomeStates,
      required: true,
      summary: 'How the deployment ended.',
    },
    at: {
      type: 'string',
      value: 'TIME',
      summary: 'When it reached the environment (2026-03-02T09:30:00Z); else now, or what was said before.',
    },
    reason: { type: 'string', value: 'TEXT', summary: 'What happened.' },
    'recovered-at': { type: 'string', value: 'TIME', summary: 'When the service was well again after a failure.' },
    deployment: {
      type: 'string',
      value: 'NAME',
      summary: 'Which deployment of the version, if there were several; else the one that is known, or the version.',
    },
    unplanned: { type: 'boolean', summary: 'It was made to repair something.' },
    as: { type: 'string', value: 'PERSON', summary: 'Who says so (recorded as unverified); else the account.' },
    ...projectFlags,
    format: formatFlag('text', 'json'),
    ...jsonFlag,
  },
  exits: { 0: 'recorded' },
  async run({ flags }, { io, open }) {
    for (const flag of ['version', 'deployment', 'as'] as const) checkName(flag, flags[flag]);
    const problem = reasonProblem(flags.reason ?? '');
    if (problem !== null) throw new AqeError('AQE1002', `--reason ${problem}`);
    const draft = {
      version: flags.version,
      outcome: flags.outcome as OutcomeState,
      at: timeOf('at', flags.at),
      recoveredAt: timeOf('recovered-at', flags['recovered-at']),
      reason: flags.reason ?? '',
      deployment: flags.deployment,
      unplanned: flags.unplanned ? (true as const) : undefined,
      by: flags.as,
    };
    const workspace = await open(projectOf(flags));
    try {
      const recorded = await recordOutcome(workspace, draft);
      await trainModel(workspace, workspace.policy);
      const now = countsNow(await deploymentsIn(workspace.store, workspace.policy));
      if (wantsJson(flags)) io.out(json(resultOf(recorded, now)));
      else {
        const out = page(styleFor(io, false));
        drawRecorded(out, recorded, now);
        io.out(out.text());
      }
      return ending(0, io);
    } finally {
      await workspace.store.close();
    }
  },
});

/** @throws AqeError AQE1002. */
function checkName(flag: string, text: string | undefined): void {
  const problem = text === undefined ? null : nameProblem(text);
  if (problem !== null) throw new AqeError('AQE1002', `--${flag} ${problem}`);
}

/** @throws AqeError AQE2013. */
function timeOf(flag: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const instant = instantOf(text);
  if (instant === null)
    throw new AqeError('AQE2013', `--${flag} is no time of the form 2026-03-02T09:30:00Z, with its zone`);
  return instant;
}

function resultOf({ record, facts, before, assessedAt }: RecordedOutcome, counts: Counts) {
  const { facts: _, ...said } = record;
  return {
    schemaVersion: '1',
    recorded: { ...said, facts },
    amends: before && { outcome: before.outcome, deployedAt: before.deployedAt, source: before.source },
    assessedAt,
    counts,
  };
}

function drawRecorded(out: Page, { record, facts, before, assessedAt }: RecordedOutcome, counts: Counts): void {
  const { service, version, environment, deployment, outcome, deployedAt, by, identity } = record;
  const release = `${short(service, 60)} ${short(version, 60)} in ${short(environment, 60)}`;
  out.mark('pass', `${release}: ${outcome}, deployed at ${deployedAt}`, { at: 0 });
  if (deployment !== version) out.line(`  deployment ${short(deployment, 100)}`);
  if (before !== null) {
    const time = before.deployedAt === deployedAt ? '' : ` at ${before.deployedAt}`;
    const guessed = before.basis === 'inferred' ? 'inferred, ' : '';
    out.line(`  amends: ${before.outcome}${time} (${guessed}source: ${before.source}); that stays on record`);
    if (before.basis === 'inferred' && time === '')
      out.line('  when it was deployed is inferred too; --at says it better');
  }
  if (facts.recoveredAt !== undefined) out.line(`  well again at ${facts.recoveredAt}`);
  out.line(`  said by ${short(by, 100)}, ${short(identity, 100)}`);
  const known = Object.keys(facts.features ?? before?.facts.features ?? {}).length;
  const from =
    facts.features === undefined || assessedAt === null ? 'what was said before' : `the assessment of ${assessedAt}`;
  if (known > 0) out.line(`  ${plural(known, 'feature')} of it known from ${from}`);
  else
    out.line(
      assessedAt === null
        ? '  no assessment from before it is kept, so its features are not known: it counts, but nothing is learned from how it looked'
        : `  the assessment of ${assessedAt} names no features: nothing is learned from how it looked`,
    );
  out.line(countWords(counts, environment));
  out.line(
    outcome === 'pending'
      ? 'Next: say how it ended with aqe deploy record, once it is known'
      : 'Next: aqe deploy assess for the next release takes it into account',
    'dim',
  );
}
