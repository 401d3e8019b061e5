const named = 10;

/**
 * PMD calls rules without the settings that they need configuration errors, also in rule sets of its own: a run is complete
 * without them, and the reader of a gate should know.
 */
export function ruleNotices(unusable: readonly string[]): readonly string[] {
  const rules = [...new Set(unusable)];
  if (rules.length === 0) return [];
  const more = rules.length > named ? ` and ${rules.length - named} more` : '';
  return [`rules that did not run for their configuration: ${rules.slice(0, named).join(', ')}${more}`];
}
