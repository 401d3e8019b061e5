import type { FileConfig, OwnConfig } from './schema.ts';
import type { GateConfig, GateGroups } from './gate-schema.ts';

/** A part of the config that is for one environment or service, and the path where it stands. */
export interface Overlay {
  readonly path: readonly string[];
  readonly config: OwnConfig;
}

/** What holds for this environment of this service beside the rest of the file, the most general first. */
export function overlaysOf(file: FileConfig, service: string, environment: string): readonly Overlay[] {
  const own = file.services?.[service];
  const parts: readonly (readonly [readonly string[], OwnConfig | undefined])[] = [
    [['environments', environment], file.environments?.[environment]],
    [['services', service], own],
    [['services', service, 'environments', environment], own?.environments?.[environment]],
  ];
  return parts.flatMap(([path, config]) => (config === undefined ? [] : [{ path, config }]));
}

/** The gates with those of the overlays in place: a gate replaces the one of its name, in either group. */
export function mergedGates(base: GateGroups, overlays: readonly Overlay[]): GateGroups {
  let { mandatory_gates: mandatory = {}, optional_gates: optional = {} } = base;
  for (const { config } of overlays) {
    const { mandatory_gates: moreMandatory = {}, optional_gates: moreOptional = {} } = config.deployment_gates ?? {};
    const left = (gates: Readonly<Record<string, GateConfig>>, others: object): Record<string, GateConfig> =>
      Object.fromEntries(
        Object.entries(gates).filter(
          ([name]) => !Object.hasOwn(others, name) && !(config.without_gates ?? []).includes(name),
        ),
      );
    mandatory = { ...left(mandatory, moreOptional), ...moreMandatory };
    optional = { ...left(optional, moreMandatory), ...moreOptional };
  }
  return { mandatory_gates: mandatory, optional_gates: optional };
}
