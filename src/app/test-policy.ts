import { runCase, type CaseResult } from '../core/decision/run-case.ts';
import type { PolicyCase } from '../core/policy/policy-case.ts';
import type { Clock } from '../ports/clock.ts';
import type { PolicyDesk } from '../ports/policy-desk.ts';

/** A case, where it stands, and what came of it. */
export interface TestedCase extends CaseResult {
  readonly place: string;
  readonly case: PolicyCase;
}

/** Runs the cases of files against the policy. @throws AqeError AQE3041 for a file, AQE3003 for an environment or service of a case. */
export async function testPolicy(
  { policyDesk, clock }: { readonly policyDesk: PolicyDesk; readonly clock: Clock },
  files: readonly string[],
): Promise<readonly TestedCase[]> {
  const now = clock.now().toISOString();
  const tested: TestedCase[] = [];
  for (const file of files)
    for (const { place, case: asked } of await policyDesk.cases(file)) {
      const { environment, service } = asked;
      const names = { ...(environment === null ? {} : { environment }), ...(service === null ? {} : { service }) };
      tested.push({ place, case: asked, ...runCase(await policyDesk.policyFor(names), asked, now) });
    }
  return tested;
}
