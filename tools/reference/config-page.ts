import { defaultConfig } from '../../src/config/defaults.ts';
import { jsonSchema } from '../../src/config/json-schema.ts';
import { initText } from '../../src/config/init-text.ts';
import { markdownText } from '../../src/core/report/encode.ts';
import { code, page, table, text } from './page.ts';

interface Node {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly anyOf?: readonly Node[];
  readonly description?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly prefixItems?: readonly Node[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly propertyNames?: Node;
  readonly additionalProperties?: Node | false;
  readonly items?: Node;
}

export function configPage(): string {
  const root = jsonSchema() as Node;
  return page(
    'Config file',
    'src/config/schema.ts',
    '`aqe-deploy.yaml` is looked for from the current folder up to the root of the repository. Every key is optional, and an ' +
      'unknown key is an error. `aqe init` writes a file with the defaults below, `aqe deploy config print --origin` shows every value with the ' +
      'place it comes from. Editors check and complete the file by `schema/aqe-deploy.schema.json`.',
    '## Keys',
    table(
      ['key', 'value', 'default', 'meaning'],
      keysOf(root, []).map(({ path, node }) => [
        code(path.join('.')),
        valueOf(node),
        defaultOf(path),
        text(node.description ?? ''),
      ]),
    ),
    '`GROUP` is `mandatory_gates` or `optional_gates`. `NAME` is a gate name of your choice, under `risk.metrics` a metric id, ' +
      'under `evidence.mappings` the name of a mapping, under `where` a column, under `people` an e-mail address, and under `groups` and `roles` a name of your choice; [Metrics](metrics.md) lists what each gate key compares, ' +
      '[Custom evidence](../guides/custom-evidence.md) how mappings are written.',
    '## A criterion in full',
    'A criterion of a gate is its limit, a text such as `"<= +10 %"` for how far it may move from the previous release, or these keys:',
    table(
      ['key', 'value', 'meaning'],
      criterionKeys(root).map(([key, node]) => [
        code(key),
        valueOf(node),
        text(node.description ?? criterionWords[key] ?? ''),
      ]),
    ),
    '## Environments and services',
    `\`environments.NAME\`, \`services.NAME\` and \`services.NAME.environments.NAME\` take ${overlayKeys(root)
      .map((key) => code(key))
      .join(', ')} with the meaning they have above. \`without_gates\` lists gates that do not count there.`,
    '## The defaults',
    ['```yaml', initText({ service: 'checkout', environment: 'production', mode: 'enforce' }).trimEnd(), '```'].join(
      '\n',
    ),
  );
}

/** What the schema does not say by itself. */
const criterionWords: Readonly<Record<string, string>> = {
  limit: 'The limit, in the unit of the criterion.',
  weight: 'Share in the score of the gate (min_score); 1 if absent.',
};

/** The keys of a criterion that is written as an object. */
function criterionKeys(root: Node): readonly (readonly [string, Node])[] {
  const gate = root.properties?.['deployment_gates']?.properties?.['mandatory_gates']?.additionalProperties;
  const forms = (gate ? gate.properties?.['min_line_coverage']?.anyOf : undefined) ?? [];
  return Object.entries(forms.find(({ properties }) => properties)?.properties ?? {});
}

function overlayKeys(root: Node): readonly string[] {
  const overlay = root.properties?.['services']?.additionalProperties;
  return Object.keys((overlay ? overlay.properties : undefined) ?? {});
}

interface Key {
  readonly path: readonly string[];
  readonly node: Node;
}

/** Leaves, and inner nodes that have something to say. Both groups of gates have the same keys and are listed once. */
function keysOf(node: Node, path: readonly string[]): readonly Key[] {
  // They hold what stands elsewhere on the page.
  if (path.length === 1 && (path[0] === 'environments' || path[0] === 'services')) return [{ path, node }];
  const inner: readonly Key[] = [
    ...Object.entries(node.properties ?? {})
      .filter(([key]) => key !== 'optional_gates')
      .flatMap(([key, child]) => keysOf(child, [...path, key === 'mandatory_gates' ? 'GROUP' : key])),
    ...(node.additionalProperties ? keysOf(node.additionalProperties, [...path, 'NAME']) : []),
    ...(node.items?.properties ? keysOf(node.items, [...path.slice(0, -1), `${path.at(-1)}[]`]) : []),
  ];
  const shown = path.length > 0 && (inner.length === 0 || node.description !== undefined);
  return [...(shown ? [{ path, node }] : []), ...inner];
}

function valueOf(node: Node): string {
  if (node.enum) return node.enum.map((each) => code(each)).join(', ');
  if (node.const !== undefined) return code(String(node.const));
  if (Array.isArray(node.type)) return node.type.map((type: string) => valueOf({ type })).join(' or ');
  if (node.anyOf) return node.anyOf.map(valueOf).join(' or ');
  if (node.prefixItems) return 'pairs of numbers';
  if (node.type === 'array') return `list of ${node.items ? valueOf(node.items) : 'values'}`;
  if (node.pattern?.includes('(ms|s|m|h|d|w)')) return 'duration';
  const words = {
    string: 'text',
    boolean: '`true` or `false`',
    integer: 'whole number',
    number: 'number',
    object: 'keys',
  };
  const plain = words[(node.type ?? 'object') as keyof typeof words];
  return plain + rangeOf(node);
}

function rangeOf({ type, minimum, maximum = Infinity }: Node): string {
  if ((type !== 'number' && type !== 'integer') || minimum === undefined) return '';
  return maximum >= Number.MAX_SAFE_INTEGER ? `, ${minimum} or more` : `, ${minimum} to ${maximum}`;
}

/** Gates are replaced as a whole, so a single criterion has no default; the text below the table shows the default gates. */
function defaultOf(path: readonly string[]): string {
  let at: unknown = path[0] === 'deployment_gates' ? undefined : defaultConfig;
  for (const key of path) at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined;
  if (at === undefined || (typeof at === 'object' && !Array.isArray(at))) return '';
  return Array.isArray(at) ? at.map((each) => markdownText(String(each))).join(', ') || 'none' : code(String(at));
}
