import { AqeError } from '../core/error/aqe-error.ts';
import { nearest } from '../core/error/nearest.ts';
import type { EvidenceMapping } from '../core/policy/evidence-mapping.ts';
import type { MappingTrial } from '../ports/mapping-trial.ts';
import type { Workspace } from './workspace.ts';

/** Reads files by a mapping of the config, whether or not its globs match them. @throws AqeError AQE1002 for an unknown name. */
export async function tryMapping(
  { policy, tryMapping: read }: Pick<Workspace, 'policy' | 'tryMapping'>,
  name: string,
  files: readonly string[],
): Promise<{ readonly mapping: EvidenceMapping; readonly trials: readonly MappingTrial[] }> {
  const { mappings, limits } = policy.evidence;
  const mapping = mappings.find((each) => each.name === name);
  if (!mapping) {
    const names = mappings.map((each) => each.name);
    const guess = nearest(name, names);
    const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
    const meant = guess ? `did you mean ${JSON.stringify(guess)}?` : known;
    throw new AqeError(
      'AQE1002',
      `--mapping: the config has no mapping ${JSON.stringify(name.slice(0, 64))}; ${meant}`,
    );
  }
  if (files.length === 0) throw new AqeError('AQE1002', '--mapping needs the file to read');
  const trials: MappingTrial[] = [];
  for (const file of files) trials.push(await read(file, mapping, limits));
  return { mapping, trials };
}
