import type { MetricId } from '../core/signal/metrics.ts';
import type { PolicyCase } from '../core/policy/policy-case.ts';
import type { CaseFile } from './case-schema.ts';
import { checkedYaml, type YamlIssue, type YamlKind } from './checked-yaml.ts';

/**
 * A file of cases, each with the line and column where it stands.
 * @throws AqeError AQE3041 with line and column for whatever is not one, or has no case.
 */
export async function parseCases(
  path: string,
  text: string,
): Promise<readonly { readonly place: string; readonly case: PolicyCase }[]> {
  const { valueProblem, caseFrom } = await import('./case-schema.ts');
  const issueOf = (file: CaseFile): YamlIssue | null => {
    for (const [index, { signals = {} }] of file.cases.entries())
      for (const [metric, said] of Object.entries(signals)) {
        const message = said === undefined ? null : valueProblem(metric as MetricId, said);
        if (message !== null)
          return { code: 'custom', path: ['cases', index, 'signals', metric], message, input: said };
      }
    return null;
  };
  const kind: YamlKind<CaseFile> = {
    schema: async () => (await import('./case-schema.ts')).caseFileSchema,
    jsonSchema: async () => (await import('./json-schema.ts')).caseJsonSchema(),
    issueOf,
    codes: { syntax: 'AQE3041', schema: 'AQE3041' },
  };
  const { value, positionOf } = await checkedYaml(path, text, kind);
  return value.cases.map((each, index) => {
    const at = positionOf(['cases', index]);
    return { place: at ? `${path}:${at.line}:${at.column}` : path, case: caseFrom(each) };
  });
}
