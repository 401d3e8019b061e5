import type { Checkpoints } from '../../ports/checkpoints.ts';
import { lineFile } from './shared/line-file.ts';

/** Checkpoints in a file of JSON lines, each a DSSE envelope. */
export function checkpointFile(path: string): Checkpoints {
  return lineFile(path, 'AQE6007');
}
