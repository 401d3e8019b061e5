import { criterionKeys } from '../core/gate/criteria.ts';
import { checkedYaml, type YamlIssue, type YamlKind } from './checked-yaml.ts';
import { changeProblem } from './gates-from.ts';
import type { FileConfig } from './schema.ts';

export interface ParsedConfig {
  readonly config: FileConfig;
  /** Line (from 1) of the value at a key path, or of its nearest parent that stands in the file. */
  lineOf(path: readonly PropertyKey[]): number | null;
  positionOf(path: readonly PropertyKey[]): { readonly line: number; readonly column: number } | null;
}

const configFile: YamlKind<FileConfig> = {
  schema: async () => (await import('./schema.ts')).configSchema,
  jsonSchema: async () => (await import('./json-schema.ts')).jsonSchema(),
  issueOf: changeIssue,
  codes: { syntax: 'AQE1003', schema: 'AQE1004' },
};

/**
 * Config text to a checked config.
 * @throws AqeError AQE1003 for broken YAML, AQE1004 for a value or key that does not fit, with line and column.
 */
export async function parseConfig(path: string, text: string): Promise<ParsedConfig> {
  const { value, positionOf } = await checkedYaml(path, text, configFile);
  return { config: value, lineOf: (key) => positionOf(key)?.line ?? null, positionOf };
}

/** A change that goes the wrong way for its criterion. */
function changeIssue(config: FileConfig): YamlIssue | null {
  const overlays = [
    [[], config] as const,
    ...Object.entries(config.environments ?? {}).map(([name, own]) => [['environments', name], own] as const),
    ...Object.entries(config.services ?? {}).flatMap(([service, own]) => [
      [['services', service], own] as const,
      ...Object.entries(own.environments ?? {}).map(
        ([name, inner]) => [['services', service, 'environments', name], inner] as const,
      ),
    ]),
  ];
  for (const [path, { deployment_gates: groups }] of overlays)
    for (const group of ['mandatory_gates', 'optional_gates'] as const)
      for (const [name, gate] of Object.entries(groups?.[group] ?? {}))
        for (const key of criterionKeys) {
          const value: unknown = gate[key];
          const change =
            typeof value === 'string'
              ? value
              : typeof value === 'object' && value !== null && 'change' in value
                ? value.change
                : null;
          const message = typeof change === 'string' ? changeProblem(key, change) : null;
          if (message !== null)
            return { code: 'custom', path: [...path, 'deployment_gates', group, name, key], message, input: value };
        }
  return null;
}
