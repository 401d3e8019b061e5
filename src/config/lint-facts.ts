import type { CriterionKey } from '../core/gate/criteria.ts';
import type { ConfigPath, LintInput, LintScope, Mention } from '../core/policy/lint-input.ts';
import { defaultConfig } from './defaults.ts';
import { hasPath, type LoadedConfig } from './load.ts';
import { mergedGates, overlaysOf, type Overlay } from './overlays.ts';
import type { KeysOnDisk } from './people-from.ts';
import { effectiveConfig } from './effective-config.ts';
import { policyFrom } from './policy-from.ts';
import type { FileConfig } from './schema.ts';

/** What a config says, for every environment of every service. */
export type LintFacts = Omit<LintInput, 'now' | 'givenMetrics' | 'isFromRevision'>;

export function lintFacts({ file, policy, keys, keyFiles }: LoadedConfig): LintFacts {
  const environments = file.environments === undefined ? null : Object.keys(file.environments);
  const services = [...new Set([policy.service, ...Object.keys(file.services ?? {})])];
  return {
    scopes: services.flatMap((service) =>
      (environments ?? [policy.environment]).map((environment) => scopeOf(file, service, environment, keys)),
    ),
    environments,
    environmentsNamed: environmentsNamed(file),
    groups: Object.keys(file.groups ?? {}),
    groupsNamed: Object.entries(file.roles ?? {}).flatMap(([role, members]) =>
      members.flatMap((member, index): readonly Mention[] =>
        member.startsWith('group:')
          ? [{ name: member.slice('group:'.length), path: ['roles', role, String(index)] }]
          : [],
      ),
    ),
    gatesLeftOut: gatesLeftOut(file),
    keyFiles: keyFiles.length,
  };
}

function scopeOf(file: FileConfig, service: string, environment: string, keys: KeysOnDisk): LintScope {
  const overlays = overlaysOf(file, service, environment);
  const starts: readonly ConfigPath[] = [[], ...overlays.map(({ path }) => path)];
  const last = (path: ConfigPath): ConfigPath | undefined =>
    starts.map((start) => [...start, ...path]).findLast((each) => hasPath(file, each));
  const gateAt = (gate: string): ConfigPath =>
    starts
      .flatMap((start) =>
        ['mandatory_gates', 'optional_gates'].map((group) => [...start, 'deployment_gates', group, gate]),
      )
      .findLast((each) => hasPath(file, each)) ?? ['deployment_gates'];
  return {
    service,
    environment,
    policy: policyFrom(effectiveConfig(file, { service, environment }), service, keys),
    gateAt,
    criterionAt: (gate: string, key: CriterionKey) => [...gateAt(gate), key],
    at: (...path) => last(path) ?? path,
    waiverAt: starts.flatMap((start) => {
      const waivers = valueAt(file, [...start, 'waivers']);
      return Array.isArray(waivers) ? waivers.map((_, index) => [...start, 'waivers', String(index)]) : [];
    }),
    isWritten: (path) => hasPath(file, path),
  };
}

function environmentsNamed({ freezes = [], services = {} }: FileConfig): readonly Mention[] {
  return [
    ...freezes.flatMap(({ environments = [] }, index) =>
      environments.map((name, at) => ({ name, path: ['freezes', String(index), 'environments', String(at)] })),
    ),
    ...Object.entries(services).flatMap(([service, own]) =>
      Object.keys(own.environments ?? {}).map((name) => ({ name, path: ['services', service, 'environments', name] })),
    ),
  ];
}

/** What each overlay leaves out, with the gates that are there before it does. */
function gatesLeftOut(file: FileConfig): LintFacts['gatesLeftOut'] {
  const base = file.deployment_gates ?? defaultConfig.deployment_gates;
  const named = (before: readonly Overlay[], { path, config }: Overlay): LintFacts['gatesLeftOut'] => {
    const gates = mergedGates(base, before);
    const known = [...Object.keys(gates.mandatory_gates ?? {}), ...Object.keys(gates.optional_gates ?? {})];
    return (config.without_gates ?? []).map((name, index) => ({
      name,
      path: [...path, 'without_gates', String(index)],
      known,
    }));
  };
  const environments = Object.keys(file.environments ?? {});
  return [
    ...environments.flatMap((name) => overlaysOf(file, '', name).flatMap((each) => named([], each))),
    ...Object.keys(file.services ?? {}).flatMap((service) =>
      ['', ...environments].flatMap((environment) =>
        overlaysOf(file, service, environment).flatMap((each, index, all) =>
          each.path[0] === 'services' ? named(all.slice(0, index), each) : [],
        ),
      ),
    ),
  ];
}

function valueAt(value: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, key)
        ? (at as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}
