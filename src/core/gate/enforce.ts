import { plural } from '../signal/format.ts';
import type { GateResult } from './evaluate-gate.ts';

/** The gates together, in the shape that users of the mission's gate logic expect, with `inconclusive` added. */
export interface GateSummary {
  readonly overallStatus: 'BLOCKED' | 'INCONCLUSIVE' | 'APPROVED_WITH_WARNINGS' | 'APPROVED';
  readonly gateResults: readonly GateResult[];
  /** BLOCKING gates that failed. */
  readonly blockers: readonly GateResult[];
  /** BLOCKING gates that cannot open for want of evidence. */
  readonly inconclusive: readonly GateResult[];
  /** WARNING gates that did not open. */
  readonly warnings: readonly GateResult[];
  readonly advisories: readonly GateResult[];
  readonly message: string;
}

/** Gates in shadow, those left out by a fast-track and those that people opened stand in `gateResults` only. */
export function enforceGates(gateResults: readonly GateResult[]): GateSummary {
  const counted = gateResults.filter(
    (result) => !result.passed && result.mode === 'enforce' && !result.skipped && result.overridden === null,
  );
  const blocking = counted.filter((result) => result.enforcement === 'BLOCKING');
  const blockers = blocking.filter((result) => result.outcome === 'fail');
  const inconclusive = blocking.filter((result) => result.outcome === 'no-evidence');
  const closed = counted.filter((result) => result.outcome === 'fail' || result.outcome === 'no-evidence');
  const warnings = closed.filter((result) => result.enforcement === 'WARNING');
  const advisories = closed.filter((result) => result.enforcement === 'ADVISORY');
  return {
    ...verdict(blockers.length, inconclusive.length, warnings.length),
    gateResults,
    blockers,
    inconclusive,
    warnings,
    advisories,
  };
}

function verdict(
  blockers: number,
  inconclusive: number,
  warnings: number,
): Pick<GateSummary, 'overallStatus' | 'message'> {
  if (blockers > 0) return { overallStatus: 'BLOCKED', message: `Deployment blocked by ${plural(blockers, 'gate')}` };
  if (inconclusive > 0)
    return { overallStatus: 'INCONCLUSIVE', message: `No evidence for ${plural(inconclusive, 'blocking gate')}` };
  if (warnings > 0)
    return {
      overallStatus: 'APPROVED_WITH_WARNINGS',
      message: `Deployment gates passed with ${plural(warnings, 'warning')}`,
    };
  return { overallStatus: 'APPROVED', message: 'All deployment gates passed' };
}
