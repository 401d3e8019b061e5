import { localFiles } from '../adapters/files/local-files.ts';
import { MappingPathError } from '../adapters/signals/mapping/path-error.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { EvidenceMapping, MappedOutcome } from '../core/policy/evidence-mapping.ts';
import type { TryMapping } from '../ports/mapping-trial.ts';
import type { SignalReader } from '../ports/signal-reader.ts';

/** The readers that mappings stand for. */
export async function mappingReaders(
  mappings: readonly EvidenceMapping[],
  problem: (mapping: EvidenceMapping, cause: unknown) => unknown = (_, cause) => cause,
): Promise<readonly SignalReader[]> {
  if (mappings.length === 0) return [];
  const { mappingReader } = await import('../adapters/signals/mapping/mapping-reader.ts');
  return Promise.all(
    mappings.map((mapping) =>
      mappingReader(mapping).catch((cause: unknown) => {
        throw problem(mapping, cause);
      }),
    ),
  );
}

/** The same for the mappings of a config. @throws AqeError AQE1004 for a path that is not written right, with its place. */
export async function configuredReaders({ policy, problemAt }: LoadedConfig): Promise<readonly SignalReader[]> {
  return mappingReaders(policy.evidence.mappings, ({ name }, cause) => {
    if (!(cause instanceof MappingPathError)) return cause;
    return problemAt(['evidence', 'mappings', name, 'metrics', cause.index, cause.key], cause.message, cause);
  });
}

/** See the port. */
export function mappingTrial(project: string): TryMapping {
  return async (path, mapping, limits) => {
    const { mappingReader } = await import('../adapters/signals/mapping/mapping-reader.ts');
    let outcomes: readonly MappedOutcome[] = [];
    const reader = await mappingReader(mapping, (all) => {
      outcomes = all;
    });
    const file = await localFiles(project, [reader]).read(path, { format: reader.id, limits });
    return { file, outcomes };
  };
}
