import { AqeError } from '../core/error/aqe-error.ts';
import type { GateEditor } from '../ports/gate-editor.ts';
import { parseConfig } from './parse.ts';
import type { FileConfig } from './schema.ts';

const sections = ['deployment_gates', 'gate_overrides'] as const;

export const gateEditor: GateEditor = {
  async replaceGates(config, source) {
    const from = await parseConfig(source.path, source.text);
    const other = Object.keys(from.config).filter((key) => !(sections as readonly string[]).includes(key));
    if (other.length > 0)
      throw new AqeError('AQE1004', `the file holds ${other.join(', ')}; only ${sections.join(' and ')} are taken`, {
        path: source.path,
      });
    if (from.config.deployment_gates === undefined)
      throw new AqeError('AQE1004', 'the file has no deployment_gates', { path: source.path });
    const before = (await parseConfig(config.path, config.text)).config;
    const changes = [...gateChanges(before, from.config), ...overrideChanges(before, from.config)];
    if (changes.length === 0) return { text: config.text, changes };

    const { parseDocument } = await import('./yaml.ts');
    const target = parseDocument(config.text);
    const incoming = parseDocument(source.text);
    for (const section of sections) {
      const node = incoming.get(section, true);
      if (node !== undefined) target.set(section, node);
    }
    const text = target.toString({ lineWidth: 0 });
    await parseConfig(config.path, text);
    return { text, changes };
  },
};

function gateChanges(before: FileConfig, after: FileConfig): readonly string[] {
  const old = flat(before);
  const fresh = flat(after);
  const names = [...new Set([...old.keys(), ...fresh.keys()])];
  return names.flatMap((name) => {
    const [was, is] = [old.get(name), fresh.get(name)];
    if (was === is) return [];
    if (was === undefined) return [`+ ${name}: ${is}`];
    return is === undefined ? [`- ${name}: ${was}`] : [`~ ${name}: ${was} → ${is}`];
  });
}

function flat({ deployment_gates: gates }: FileConfig): ReadonlyMap<string, string> {
  return new Map(
    (['mandatory_gates', 'optional_gates'] as const).flatMap((group) =>
      Object.entries(gates?.[group] ?? {}).map(
        ([name, gate]) =>
          [
            `${group}.${name}`,
            Object.entries(gate)
              .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
              .join(', '),
          ] as const,
      ),
    ),
  );
}

function overrideChanges(before: FileConfig, after: FileConfig): readonly string[] {
  if (
    after.gate_overrides === undefined ||
    JSON.stringify(before.gate_overrides) === JSON.stringify(after.gate_overrides)
  )
    return [];
  return [`~ gate_overrides: ${JSON.stringify(after.gate_overrides)}`];
}
