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
      'under `evidence.mappings` the name of a mapping, and under `where` a column; [Metrics](metrics.md) lists what each gate key compares, ' +
      '[Custom evidence](../guides/custom-evidence.md) how mappings are written.',
    '## The defaults',
    ['```yaml', initText({ service: 'checkout', environment: 'production', mode: 'enforce' }).trimEnd(), '```'].join(
      '\n',
    ),
  );
}

interface Key {
  readonly path: readonly string[];
  readonly node: Node;
}

/** Leaves, and inner nodes that have something to say. Both groups of gates have the same keys and are listed once. */
function keysOf(node: Node, path: readonly string[]): readonly Key[] {
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
