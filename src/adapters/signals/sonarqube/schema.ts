import * as z from 'zod/mini';
import { onFirstUse, text, wholeNumber } from '../shared/schema.ts';

/** Answers of the issues and hotspots API, and the report of the npm tool sonar-report, which has the same list. */
export const pageSchema = onFirstUse(() => {
  const count = z.nullish(wholeNumber);
  const number = z.nullish(z.number());
  const findingSchema = z.object({
    key: text,
    rule: text,
    ruleKey: text,
    severity: text,
    impacts: z.nullish(z.array(z.object({ softwareQuality: text, severity: text }))),
    vulnerabilityProbability: text,
    component: text,
    project: text,
    line: number,
    textRange: z.nullish(z.object({ startLine: number })),
    status: text,
    issueStatus: text,
    resolution: text,
    message: text,
    type: text,
  });
  return z.object({
    total: count,
    paging: z.nullish(z.object({ pageIndex: count, total: count })),
    issues: z.nullish(z.array(findingSchema)),
    hotspots: z.nullish(z.array(findingSchema)),
    components: z.nullish(z.array(z.object({ key: text, path: text }))),
    sonarBaseURL: text,
    allBugs: z.nullish(z.boolean()),
    // `false`, or which period it is.
    inNewCodePeriod: z.nullish(z.union([z.boolean(), z.string()])),
    summary: z.nullish(z.record(z.string(), z.unknown())),
    errors: z.nullish(z.array(z.object({ msg: text }))),
  });
});

export type Page = z.infer<ReturnType<typeof pageSchema>>;
export type Finding = NonNullable<Page['issues']>[number];
