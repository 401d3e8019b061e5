import { resolve } from 'node:path';
import type { BundleArchive } from '../../ports/bundle-archive.ts';
import { readArchive } from './bundle/read-archive.ts';
import { writeArchive } from './bundle/write-archive.ts';

/** Bundles of the project `root`; paths of archives are relative to `cwd`. */
export function bundleArchive(root: string, cwd: string): BundleArchive {
  return {
    write: (path, bundle) => writeArchive(root, { file: resolve(cwd, path), shown: path }, bundle),
    open: (path) => readArchive(resolve(cwd, path), path),
  };
}
