/** What a waiver is about. Every field that is given has to fit. */
export interface WaiverScope {
  readonly gate: string | null;
  /** Criterion key of a gate, or id of a rule of a scanner. */
  readonly rule: string | null;
  /** Identifier of a finding (CVE-…, GHSA-…). */
  readonly finding: string | null;
  /** Name of a package. */
  readonly package: string | null;
}

/** Something the team lives with until a date. */
export interface Waiver {
  readonly scope: WaiverScope;
  readonly reason: string;
  /** Who answers for it, as the policy says. */
  readonly approver: string;
  /** First instant at which it no longer holds, ISO-8601 UTC. */
  readonly expires: string;
}

/** A waiver, with what it does for one release. */
export interface WaiverUse extends Waiver {
  readonly state: 'active' | 'expired';
  /** What it took away: gates and criteria, findings. Empty: nothing of this release. */
  readonly applied: readonly string[];
}

export function isActive(waiver: Waiver, now: string): boolean {
  return Date.parse(now) < Date.parse(waiver.expires);
}

/** `gate security, finding CVE-2026-1`. */
export function scopeWords({ gate, rule, finding, package: name }: WaiverScope): string {
  const parts = [
    gate === null ? '' : `gate ${gate}`,
    rule === null ? '' : `rule ${rule}`,
    finding === null ? '' : `finding ${finding}`,
    name === null ? '' : `package ${name}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
