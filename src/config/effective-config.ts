import { defaultConfig } from './defaults.ts';
import { mergedGates, overlaysOf } from './overlays.ts';
import type { FileConfig } from './schema.ts';

/**
 * The default config with the file's values in place, for one environment of one service. Gates of the file replace the
 * defaults as a whole; an environment or service replaces gates by name, and everything else key by key.
 */
export function effectiveConfig(
  file: FileConfig,
  { service = file.service ?? '', environment = file.environment ?? defaultConfig.environment } = {},
): EffectiveConfig {
  const overlays = overlaysOf(file, service, environment);
  const over = <K extends 'gate_overrides' | 'approvals' | 'emergency' | 'fast_track'>(key: K) =>
    Object.assign({}, defaultConfig[key], file[key], ...overlays.map(({ config }) => config[key]));
  return {
    service: service === '' ? file.service : service,
    environment,
    mode: overlays.reduce((mode, { config }) => config.mode ?? mode, file.mode ?? defaultConfig.mode),
    environments: file.environments ?? {},
    services: file.services ?? {},
    people: file.people ?? {},
    groups: file.groups ?? {},
    roles: file.roles ?? {},
    keys_directory: file.keys_directory ?? defaultConfig.keys_directory,
    policy: { ...defaultConfig.policy, ...file.policy },
    freezes: file.freezes ?? [],
    notify: file.notify ?? {},
    outbound: file.outbound ?? {},
    rollout: Object.assign({}, file.rollout, ...overlays.map(({ config }) => config.rollout)),
    evidence: {
      max_age: file.evidence?.max_age ?? defaultConfig.evidence.max_age,
      require_commit: file.evidence?.require_commit ?? defaultConfig.evidence.require_commit,
      exclude: file.evidence?.exclude ?? [],
      files: file.evidence?.files ?? [],
      mappings: file.evidence?.mappings ?? {},
      limits: { ...defaultConfig.evidence.limits, ...file.evidence?.limits },
    },
    deployment_gates: mergedGates(file.deployment_gates ?? defaultConfig.deployment_gates, overlays),
    gate_overrides: over('gate_overrides'),
    approvals: over('approvals'),
    emergency: over('emergency'),
    waivers: [...(file.waivers ?? []), ...overlays.flatMap(({ config }) => config.waivers ?? [])],
    fast_track: over('fast_track'),
    risk: { ...file.risk },
    prediction: { ...defaultConfig.prediction, ...file.prediction },
    grade: file.grade ?? defaultConfig.grade,
    remediation: { minutes_per: { ...file.remediation?.minutes_per } },
  } as EffectiveConfig;
}

export type EffectiveConfig = { readonly [K in Exclude<keyof FileConfig, 'service'>]-?: NonNullable<FileConfig[K]> } & {
  readonly service: string | undefined;
};
