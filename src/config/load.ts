import { relative } from 'node:path';
import { AqeError } from '../core/error/aqe-error.ts';
import { nearest } from '../core/error/nearest.ts';
import type { Policy } from '../core/policy/policy.ts';
import { overlaysOf } from './overlays.ts';
import type { KeysOnDisk } from './people-from.ts';
import { keyFilesOf, readKeys } from './read-keys.ts';
import { inferService, readConfigText, type Located } from './locate.ts';
import { parseConfig, type ParsedConfig } from './parse.ts';
import { effectiveConfig, type EffectiveConfig } from './effective-config.ts';
import { policyFrom } from './policy-from.ts';
import type { FileConfig } from './schema.ts';

export interface LoadedConfig extends Located {
  readonly policy: Policy;
  readonly effective: EffectiveConfig;
  /** What the file itself says; empty without a file. */
  readonly file: FileConfig;
  /** Public keys that were read, and the names of their files in the folder. */
  readonly keys: KeysOnDisk;
  readonly keyFiles: readonly string[];
  /** Where each value comes from: `aqe-deploy.yaml:12`, `flag --environment`, `package.json`, `default`. */
  originOf(path: readonly string[]): string;
  /** `aqe-deploy.yaml:12:3` for a path, or for its nearest parent that is written; `default` for none. */
  placeOf(path: readonly string[]): string;
  /** The error for a value of the file that turns out to be wrong after all. */
  problemAt(path: readonly PropertyKey[], message: string, cause?: unknown): AqeError;
}

/** A config file that was read, and its name in what is said about it; `parsed` is null where there is no file. */
export interface ConfigText {
  readonly shown: string;
  readonly parsed: ParsedConfig | null;
}

/** The file of the project. @throws AqeError AQE1003, AQE1004, AQE1005. */
export async function readConfig(located: Located): Promise<ConfigText> {
  if (located.config === null) return { shown: '', parsed: null };
  const shown = relative(located.project, located.config) || located.config;
  return { shown, parsed: await parseConfig(shown, readConfigText(located.config)) };
}

/** The policy that a config stood for at another time, for the same environment and service: names that it did not know get its general rules. */
export async function policyThen(
  located: Located,
  options: ConfigOptions,
  { parsed }: ConfigText,
): Promise<Pick<LoadedConfig, 'policy' | 'file'>> {
  const file = parsed?.config ?? {};
  const service = options.service ?? file.service ?? inferService(located.project);
  const effective = effectiveConfig(file, { service, ...given('environment', options.environment) });
  return { file, policy: policyFrom(effective, service, await keysFor(located, options, effective.keys_directory)) };
}

/** The policy of a config for another environment or service. @throws AqeError AQE3003 for a name that it does not know. */
export function policyOf({ file, keys, policy }: LoadedConfig, options: ConfigOptions): Policy {
  refuseUnknown('environment', options.environment, file.environments);
  refuseUnknown('service', options.service, file.services, file.service);
  const service = options.service ?? policy.service;
  const environment = options.environment ?? file.environment;
  return policyFrom(effectiveConfig(file, { service, ...given('environment', environment) }), service, keys);
}

/** The config that a text stands for, which is in the file of the project or was there at another time. */
export async function configFrom(
  located: Located,
  options: ConfigOptions,
  { shown, parsed }: ConfigText,
): Promise<LoadedConfig> {
  const file = parsed?.config ?? {};
  refuseUnknown('environment', options.environment ?? file.environment, file.environments);
  refuseUnknown('service', options.service, file.services, file.service);
  const service = options.service ?? file.service ?? inferService(located.project);
  const effective = effectiveConfig(file, { service, ...given('environment', options.environment) });
  const keys = await keysFor(located, options, effective.keys_directory);
  const policy = policyFrom(effective, service, keys);
  const overlays = overlaysOf(file, service, effective.environment);
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
    keys,
    keyFiles: keyFilesOf(keys),
    originOf(path) {
      if (path[0] === 'environment' && options.environment !== undefined) return 'flag --environment';
      if (path[0] === 'service' && options.service !== undefined) return 'flag --service';
      if (path[0] === 'service' && file.service === undefined) return 'package.json or folder name';
      const places = [...overlays.map((overlay) => [...overlay.path, ...path]).toReversed(), path];
      const place = places.find((each) => hasPath(file, each));
      const line = place === undefined ? null : parsed?.lineOf(place);
      return line ? `${shown}:${line}` : 'default';
    },
    placeOf(path) {
      const written = path.findLastIndex((_, index) => hasPath(file, path.slice(0, index + 1)));
      const place = written < 0 ? null : parsed?.positionOf(path.slice(0, written + 1));
      return place ? `${shown}:${place.line}:${place.column}` : 'default';
    },
    problemAt(path, message, cause) {
      const place = parsed?.positionOf(path) ?? {};
      return new AqeError('AQE1004', `${path.map(String).join('.')}: ${message}`, { path: shown, ...place }, cause);
    },
  };
}

export interface ConfigOptions {
  readonly environment?: string;
  readonly service?: string;
  /** Reads the folder of public keys where it is not the one on disk. */
  readonly keysIn?: (folder: string) => Promise<KeysOnDisk>;
}

async function keysFor({ project }: Located, { keysIn }: ConfigOptions, folder: string): Promise<KeysOnDisk> {
  return keysIn ? keysIn(folder) : readKeys(project, folder);
}

function given(key: 'environment', value: string | undefined): { readonly environment?: string } {
  return value === undefined ? {} : { [key]: value };
}

/** @throws AqeError AQE3003. A misspelt environment must not get the rules of none. */
function refuseUnknown(
  kind: 'environment' | 'service',
  name: string | undefined,
  known: Readonly<Record<string, unknown>> | undefined,
  alsoKnown?: string,
): void {
  const names = [...Object.keys(known ?? {}), ...(alsoKnown === undefined ? [] : [alsoKnown])];
  if (name === undefined || known === undefined || names.includes(name)) return;
  const guess = nearest(name, names);
  const hint = guess ? `; did you mean ${guess}?` : '';
  throw new AqeError('AQE3003', `there is no ${kind} ${JSON.stringify(name.slice(0, 60))}${hint}`, {
    known: names.join(', '),
  });
}

/** Whether the config says something at a path. */
export function hasPath(value: unknown, path: readonly string[]): boolean {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return false;
    at = (at as Record<string, unknown>)[key];
  }
  return true;
}
