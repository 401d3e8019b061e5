import * as z from 'zod/mini';
import type { SecurityIssue } from '../../../core/evidence/reading.ts';
import { advisoryIdsIn } from './advisory-ids.ts';
import { cvssBaseScore } from './cvss.ts';
import { npmSeverities } from './npm-severities.ts';
import { onFirstUse, text, wholeNumber } from './schema.ts';
import { severityIn } from './severity.ts';
import { vulnerability } from './vulnerability.ts';

/** What npm 6, pnpm and yarn 1 to 3 pass on from the registry's old audit endpoint. */
export const npmAudits = onFirstUse(() => {
  const advisory = z.object({
    id: z.nullish(z.union([z.number(), z.string()])),
    module_name: text,
    title: text,
    severity: text,
    url: text,
    github_advisory_id: text,
    cves: z.nullish(z.array(z.string())),
    cvss: z.nullish(z.object({ score: z.nullish(z.number()), vectorString: text })),
    patched_versions: text,
    findings: z.nullish(z.array(z.object({ version: text }))),
  });
  /** Totals by severity; npm 6 and yarn count paths, npm 7 packages. */
  const totals = z.partial(
    z.object({
      info: wholeNumber,
      low: wholeNumber,
      moderate: wholeNumber,
      high: wholeNumber,
      critical: wholeNumber,
    }),
  );
  return { advisory, totals };
});

export type NpmAdvisory = z.infer<ReturnType<typeof npmAudits>['advisory']>;
export type NpmTotals = z.infer<ReturnType<typeof npmAudits>['totals']>;

/** CVEs, then the GitHub advisory; npm's own number only where there is neither. */
export function npmIds(
  number: number | string | null | undefined,
  sources: readonly (string | null | undefined)[],
  cves: readonly string[] = [],
): readonly string[] {
  const ids = [...cves, ...sources.flatMap((source) => advisoryIdsIn(source ?? ''))];
  return ids.length > 0 || number == null ? ids : [`npm:${number}`];
}

export function npmAdvisoryIssue(advisory: NpmAdvisory): SecurityIssue {
  const versions = new Set(advisory.findings?.map(({ version }) => version));
  const [version] = versions;
  return vulnerability({
    ids: npmIds(advisory.id, [advisory.github_advisory_id, advisory.url], advisory.cves ?? []),
    severity: severityIn(npmSeverities, advisory.severity),
    cvss: advisory.cvss?.score || cvssBaseScore(advisory.cvss?.vectorString ?? ''),
    title: advisory.title,
    component: advisory.module_name,
    version: versions.size === 1 ? version : undefined,
    // Anything but one open range names no version that would repair it.
    fixedIn: [/^\s*>=\s*(\d[\w.+-]*)\s*$/.exec(advisory.patched_versions ?? '')?.[1]],
  });
}

export function npmTotal(totals: NpmTotals | null | undefined): number {
  return Object.values(totals ?? {}).reduce<number>((sum, count) => sum + (count ?? 0), 0);
}
