/** A path of a mapping that is not written right, and where: the config is to blame, not a report. */
export class MappingPathError extends Error {
  override readonly name = 'MappingPathError';
  /** Index among the metrics of the mapping. */
  readonly index: number;
  readonly key: 'path' | 'zero_if';

  constructor(index: number, key: 'path' | 'zero_if', message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.index = index;
    this.key = key;
  }
}
