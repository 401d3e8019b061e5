/** What a release looks like before it goes out, as far as the models look at it. */
export interface FeatureDefinition {
  readonly title: string;
  readonly unit: 'lines' | 'files' | 'per-function' | '%' | 'count' | 'days' | 'commits' | 'yes-no' | 'share';
  /** Which way more of it is expected to move the chance of failure; `unknown`: either. */
  readonly more: 'riskier' | 'safer' | 'unknown';
}

const features = {
  change_size: { title: 'Change size', unit: 'lines', more: 'riskier' },
  files_changed: { title: 'Files changed', unit: 'files', more: 'riskier' },
  complexity: { title: 'Complexity', unit: 'per-function', more: 'riskier' },
  test_coverage: { title: 'Test coverage', unit: '%', more: 'safer' },
  critical_bugs: { title: 'Critical issues open', unit: 'count', more: 'riskier' },
  days_since_deployment: { title: 'Days since the last deployment', unit: 'days', more: 'unknown' },
  team_experience: { title: 'Experience of the authors', unit: 'commits', more: 'safer' },
  off_hours: { title: 'Outside working hours', unit: 'yes-no', more: 'riskier' },
  end_of_week: { title: 'Friday or weekend', unit: 'yes-no', more: 'riskier' },
  change_spread: { title: 'Spread of the change over files', unit: 'share', more: 'riskier' },
  fix_share: { title: 'Share of fixes', unit: 'share', more: 'unknown' },
  vulnerabilities: { title: 'Critical and high vulnerabilities', unit: 'count', more: 'riskier' },
  failed_tests: { title: 'Failed tests', unit: 'count', more: 'riskier' },
} as const satisfies Record<string, FeatureDefinition>;

export type FeatureId = keyof typeof features;
export const featureIds = Object.keys(features) as readonly FeatureId[];

/** Features by id, in their unit (yes is 1, no is 0); absent: not known. */
export type FeatureValues = Readonly<Partial<Record<FeatureId, number>>>;

export function featureOf(id: FeatureId): FeatureDefinition {
  return features[id];
}
