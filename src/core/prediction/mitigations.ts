import type { FeatureId } from './features.ts';

/** What lowers the chance of a rollback where a feature speaks for one. */
export const mitigations: Readonly<Record<FeatureId, string>> = {
  change_size: 'Split the change and release the parts one after the other.',
  files_changed: 'Release the files that belong together first, and the rest in a release of its own.',
  complexity: 'Simplify the most complex functions that the change touches, or test each of their branches.',
  test_coverage: 'Cover the changed lines with tests before releasing.',
  critical_bugs: 'Fix the critical issues that are open, or take the code that they are in out of the release.',
  vulnerabilities: 'Update or replace what has critical or high vulnerabilities.',
  days_since_deployment: 'Look for what came together since the last deployment, and release in a steadier rhythm.',
  team_experience: 'Ask somebody who knows this code well to review the change.',
  off_hours: 'Deploy in working hours, when the people who can help are there.',
  end_of_week: 'Deploy earlier in the week, so that a working day follows.',
  change_spread: 'Separate unrelated edits into releases of their own.',
  fix_share: 'Check what each fix touches beside the fault it repairs, with a regression test for each.',
  failed_tests: 'Repair the failing tests, or the code that they found wrong.',
};

/** Where the chance is not low, whatever the reason. */
export const smallStart = 'Start with a small share of the traffic and widen it step by step.';
