import { parseReleaseName } from '../../core/evidence/release-name.ts';

/** The name of a tag or branch without the folder that git keeps it in. */
export function shortRef(ref: string): string {
  return ref.replace(/^refs\/(?:tags|heads)\//, '');
}

/**
 * What other systems call a deployment's ref, as a version: the ref if it reads like a release and stands for one commit only;
 * else it is a branch, and the commit is the version.
 */
export class Versions {
  readonly #commits = new Map<string, string>();
  readonly #branches = new Set<string>();

  see(ref: string, commit: string): void {
    const known = this.#commits.get(ref);
    if (known === undefined) this.#commits.set(ref, commit);
    else if (known !== commit) this.#branches.add(ref);
  }

  versionOf(ref: string, commit: string): string {
    return this.#branches.has(ref) || parseReleaseName(ref) === null ? commit : ref;
  }
}
