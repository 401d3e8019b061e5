import { relative } from 'node:path';
import { AqeError } from '../core/error/aqe-error.ts';
import { nearest } from '../core/error/nearest.ts';
import type { Policy } from '../core/policy/policy.ts';
import { inferService, readConfigText, type Located } from './locate.ts';
import { parseConfig } from './parse.ts';
import { effectiveConfig, policyFrom, type EffectiveConfig } from './policy-from.ts';
import type { FileConfig } from './schema.ts';

export interface LoadedConfig extends Located {
  readonly policy: Policy;
  readonly effective: EffectiveConfig;
  /** What the file itself says; empty without a file. */
  readonly file: FileConfig;
  /** Where each value comes from: `aqe-deploy.yaml:12`, `flag --environment`, `package.json`, `default`. */
  originOf(path: readonly string[]): string;
  /** The error for a value of the file that turns out to be wrong after all. */
  problemAt(path: readonly PropertyKey[], message: string, cause?: unknown): AqeError;
}

/** @throws AqeError AQE1003, AQE1004, AQE1005. */
export async function loadConfig(located: Located, options: { readonly environment?: string }): Promise<LoadedConfig> {
  const shown = located.config === null ? '' : relative(located.project, located.config) || located.config;
  const parsed = located.config === null ? null : await parseConfig(shown, readConfigText(located.config));
  const file = parsed?.config ?? {};
  const effective = effectiveConfig({ ...file, ...(options.environment ? { environment: options.environment } : {}) });
  const policy = policyFrom(effective, inferService(located.project));
  const stray = file.fast_track?.gates?.find((name) => !policy.gates.some((gate) => gate.name === name));
  if (stray !== undefined) {
    const guess = nearest(
      stray,
      policy.gates.map((gate) => gate.name),
    );
    const line = parsed?.lineOf(['fast_track', 'gates']) ?? undefined;
    throw new AqeError(
      'AQE1004',
      `fast_track.gates: there is no gate ${JSON.stringify(stray)}${guess ? `; did you mean ${JSON.stringify(guess)}?` : ''}`,
      { path: shown, line },
    );
  }
  return {
    ...located,
    file,
    effective,
    policy,
    originOf(path) {
      if (path[0] === 'environment' && options.environment !== undefined) return 'flag --environment';
      if (path[0] === 'service' && file.service === undefined) return 'package.json or folder name';
      const line = hasPath(file, path) ? parsed?.lineOf(path) : null;
      return line ? `${shown}:${line}` : 'default';
    },
    problemAt(path, message, cause) {
      const place = parsed?.positionOf(path) ?? {};
      return new AqeError('AQE1004', `${path.map(String).join('.')}: ${message}`, { path: shown, ...place }, cause);
    },
  };
}

function hasPath(value: unknown, path: readonly string[]): boolean {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return false;
    at = (at as Record<string, unknown>)[key];
  }
  return true;
}
