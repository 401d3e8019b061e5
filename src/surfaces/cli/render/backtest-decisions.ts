import type { Backtest } from '../../../app/backtest.ts';
import type { Rate } from '../../../core/backtest/rate.ts';
import type { ReplayedRelease } from '../../../core/backtest/replay.ts';
import type { Verdicts } from '../../../core/backtest/verdicts.ts';
import { hasFailed } from '../../../core/history/outcome.ts';
import { short } from '../../../core/report/encode.ts';
import { number, plural } from '../../../core/signal/format.ts';
import { rateCell, span } from './backtest-figures.ts';
import type { Page } from './page.ts';

/** Releases that are named in one list; JSON has them all. */
const named = 20;
const namedForReason = 5;

/** What the recorded decisions were worth, and what another policy would have been. */
export function decisionLines(out: Page, { recorded, policy }: Backtest): void {
  const unknown = recorded.unknown === 0 ? '' : `; ${plural(recorded.unknown, 'release has', 'releases have')} none`;
  verdictLines(out, `Recorded decisions about ${plural(recorded.verdicts.n, 'release')}${unknown}`, recorded.verdicts);
  if (recorded.verdicts.n === 0)
    out.line('  A release has one if it was assessed, and kept, before it was deployed.', 'dim');
  else out.line('  A release that was blocked and never went out has no outcome, so it is in none of these.', 'dim');
  if (policy === null) return;
  out.line();
  verdictLines(out, `${short(policy.name, 60)} about ${plural(policy.verdicts.n, 'release')}`, policy.verdicts);
  listed(out, policy.blocked, (each) => ({
    mark: hasFailed(each) ? 'pass' : 'fail',
    words: `${release(each)} would have been blocked; it ${hasFailed(each) ? endOf(each) : 'succeeded'}`,
  }));
  if (policy.verdicts.n > 0)
    out.line(`  ${plural(policy.differing.length, 'decision differs', 'decisions differ')} from the recorded ones`);
  for (const { before, after, count } of policy.summary) out.line(`    ${before} → ${after}: ${number(count)}`);
  listed(out, policy.differing, (each) => ({
    mark: 'skip',
    words: `${release(each)}: ${each.recorded} → ${each.judged}; it ${endOf(each)}`,
  }));
  for (const { reason, count, versions } of policy.notJudged)
    out.mark(
      'unknown',
      `${plural(count, 'release')} cannot be judged again: ${reason} (${versions
        .slice(0, namedForReason)
        .map((each) => short(each, 40))
        .join(', ')}${count > namedForReason ? ', …' : ''})`,
    );
  if (policy.partsNotJudged.length > 0)
    out.mark(
      'unknown',
      `works on reports, which are not kept, and is not in these numbers: ${policy.partsNotJudged.join('; ')}`,
    );
}

function verdictLines(out: Page, title: string, verdicts: Verdicts): void {
  const { trueBlocks, falseBlocks, truePasses, falsePasses, undecided } = verdicts;
  const rate = (name: string, of: Rate): void =>
    out.line(`  ${name.padEnd(24)}${rateCell(of).padStart(17)}   95% interval ${span(of.interval)}`);
  out.heading(title);
  if (verdicts.n === 0) return out.line('  nothing to count', 'dim');
  out.line(
    `  blocked ${number(trueBlocks + falseBlocks)}: ${number(trueBlocks)} failed, ${number(falseBlocks)} succeeded`,
  );
  out.line(
    `  passed ${number(truePasses + falsePasses)}: ${number(falsePasses)} failed, ${number(truePasses)} succeeded`,
  );
  const neither = undecided.failed + undecided.succeeded;
  if (neither > 0)
    out.line(
      `  neither ${number(neither)}: ${number(undecided.failed)} failed, ${number(undecided.succeeded)} succeeded; they waited for approval or evidence`,
    );
  rate('right', verdicts.accuracy);
  rate('good ones blocked', verdicts.falseBlocksOfGood);
  rate('blocked, yet good', verdicts.falseBlocksOfBlocks);
  rate('failures passed', verdicts.falsePassesOfFailed);
  rate('passed, yet failed', verdicts.falsePassesOfPasses);
}

function listed(
  out: Page,
  releases: readonly ReplayedRelease[],
  line: (release: ReplayedRelease) => { readonly mark: 'pass' | 'fail' | 'skip'; readonly words: string },
): void {
  for (const each of releases.slice(0, named)) {
    const { mark, words } = line(each);
    out.mark(mark, words, { at: 4 });
  }
  if (releases.length > named) out.line(`    and ${number(releases.length - named)} more: --format json`);
}

function release({ version, deployedAt }: ReplayedRelease): string {
  return `${short(version, 60)} (${short(deployedAt.slice(0, 10), 10)})`;
}

const ends = { success: 'succeeded', failed: 'failed', 'rolled-back': 'was rolled back', hotfixed: 'needed a hotfix' };

function endOf({ outcome }: ReplayedRelease): string {
  return ends[outcome];
}
