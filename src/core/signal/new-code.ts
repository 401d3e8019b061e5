import type { MetricId } from './metrics.ts';

/** The metric that counts on new code only, by the metric that counts on all of it. Reports give branches by file, not by line. */
export const newCodeOf: Readonly<Partial<Record<MetricId, MetricId>>> = {
  line_coverage: 'new_line_coverage',
  critical_issues: 'new_critical_issues',
  code_smells: 'new_code_smells',
};

interface Asking {
  readonly criteria: readonly { readonly key: string; readonly on?: 'new-code' }[];
}

/** Whether any gate has a criterion on new code: only then is it looked at which code is new. */
export function asksForNewCode(gates: readonly Asking[]): boolean {
  return gates.some(({ criteria }) => criteria.some(({ on }) => on === 'new-code'));
}
