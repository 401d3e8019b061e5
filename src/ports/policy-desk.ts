import type { ConfigPath, LintInput } from '../core/policy/lint-input.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { PolicyCase } from '../core/policy/policy-case.ts';

/** A policy, and how its origin is named to people. */
export interface NamedPolicy {
  readonly name: string;
  readonly policy: Policy;
}

/** A case of `policy test`, and where it stands. */
export interface CaseAt {
  /** `cases.yaml:12:3`. */
  readonly place: string;
  readonly case: PolicyCase;
}

/** What is asked about policies beside the one that judges. */
export interface PolicyDesk {
  /** What the config in force says, for `lint`. */
  facts(): Promise<Omit<LintInput, 'now'>>;
  /** Where a path of the config stands: `aqe-deploy.yaml:12:3`, or `default`. */
  placeOf(path: ConfigPath): string;
  /** The policy of the config in force for another environment or service of it. @throws AqeError AQE3003. */
  policyFor(names: { readonly environment?: string; readonly service?: string }): Promise<Policy>;
  /** `.` for the policy in force, a config file, or a git revision. @throws AqeError AQE1003–AQE1005, AQE2012, AQE3040. */
  named(name: string): Promise<NamedPolicy>;
  /** The cases of a file. @throws AqeError AQE3041 with line and column; a file without any is one. */
  cases(path: string): Promise<readonly CaseAt[]>;
}
