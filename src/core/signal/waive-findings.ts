import type { WaiverScope } from '../policy/waiver.ts';
import type { FoundIssue } from './merge-security.ts';

/** A waiver that holds now, with its place in the policy. */
export interface FindingWaiver {
  readonly index: number;
  readonly scope: WaiverScope;
  readonly reason: string;
  readonly expires: string;
}

export interface WaivedFindings {
  readonly groups: readonly (readonly FoundIssue[])[];
  /** What each waiver took away, in words, by its place in the policy. */
  readonly waived: ReadonlyMap<number, readonly string[]>;
}

/**
 * Takes away the findings that a waiver is about. Findings of one group are the same one, so a waiver under any of its names
 * takes all of it. Suppressed findings stay what they are. A rule is an identifier that a scanner gives to a kind of finding.
 */
export function waiveFindings(
  groups: readonly (readonly FoundIssue[])[],
  waivers: readonly FindingWaiver[],
): WaivedFindings {
  const waived = new Map<number, string[]>();
  if (waivers.length === 0) return { groups, waived };
  const left = groups.map((group) => {
    const waiver = waivers.find(({ scope }) => concerns(scope, group));
    if (!waiver || group.every(({ issue }) => issue.suppressedBy !== undefined)) return group;
    const [{ issue }] = group as readonly [FoundIssue];
    const words = `${issue.ids[0]}${issue.component === undefined ? '' : ` in ${issue.component}`}`;
    waived.set(waiver.index, [...(waived.get(waiver.index) ?? []), words]);
    const suppressedBy = `waived until ${waiver.expires.slice(0, 10)}: ${waiver.reason}`;
    return group.map((found) =>
      found.issue.suppressedBy === undefined ? { ...found, issue: { ...found.issue, suppressedBy } } : found,
    );
  });
  return { groups: left, waived };
}

function concerns({ gate, rule, finding, package: name }: WaiverScope, group: readonly FoundIssue[]): boolean {
  if (gate !== null || (rule === null && finding === null && name === null)) return false;
  const hasId = (id: string): boolean =>
    group.some(({ issue }) => issue.ids.some((known) => known.toUpperCase() === id.toUpperCase()));
  const isIn = (component: string): boolean =>
    group.some(({ issue }) => issue.component?.toLowerCase() === component.toLowerCase());
  return (rule === null || hasId(rule)) && (finding === null || hasId(finding)) && (name === null || isIn(name));
}
