export type Environment = Readonly<Record<string, string | undefined>>;

/** Where programs, the user's home and the user's own git settings are; without the latter `safe.directory` would be lost. */
const inherited = [
  'PATH',
  'HOME',
  'XDG_CONFIG_HOME',
  'SUDO_UID',
  'USERPROFILE',
  'HOMEDRIVE',
  'HOMEPATH',
  'SystemRoot',
  'ProgramData',
  'TEMP',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CONFIG_COUNT',
  'GIT_CEILING_DIRECTORIES',
  'GIT_DISCOVERY_ACROSS_FILESYSTEM',
] as const;

const inheritedPattern = /^GIT_CONFIG_(KEY|VALUE)_\d+$/;

/** History as it was committed, not as local replacements show it; no network, no question, no lock. */
const fixed = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_GRAFT_FILE: '/dev/null',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_ATTR_NOSYSTEM: '1',
} as const;

/** Value that `--config-env` sets: empty text, which is also `false`. */
export const emptyVariable = 'AQE_EMPTY';

/** The environment of every git call. GIT_DIR and its kin are not inherited: inside a hook they name another repository. */
export function gitEnvironment(environment: Environment): Readonly<Record<string, string>> {
  const names = [...inherited, ...Object.keys(environment).filter((name) => inheritedPattern.test(name))];
  const kept = names.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), ...fixed, [emptyVariable]: '' };
}
