/** A tag or version read as the name of a release, e.g. `checkout-v1.2.0-rc.1`. */
export interface ReleaseName {
  /** What names the package in a repository of several, with its separator: `checkout-`, `pkg@`; empty without. */
  readonly prefix: string;
  readonly numbers: readonly number[];
  /** What follows the numbers, build metadata excluded: `-rc.1`. */
  readonly suffix: string;
  readonly preRelease: boolean;
}

const packagePrefix = /^(?:.*@(?=v?\d)|.*[-/_](?=v\d+\.\d)|.*?[-/_](?=v?\d))/i;
const attached = '(?:rc|alpha|beta|dev|pre|m|a|b|c)\\d*(?![a-z])';
const numbers = '\\d{4}-\\d{2}-\\d{2}|\\d{1,15}(?:\\.\\d{1,15})*';
const version = new RegExp(`^v?(${numbers})((?:${attached}|[-._][a-z]|[-_]\\d)[\\w.-]*)?(?:\\+.*)?$`, 'i');
const leadingVersion = new RegExp(`^v?\\d+(?:\\.\\d+)*(?:[-._+]|$|${attached})`, 'i');
/** Words that projects append to finished releases. */
const finished = /^[-._]?(?:final|ga|release|lts|sp\d*|post\.?\d*|hotfix[-.]?\d*|patch[-.]?\d*|p\d+)$/i;

/** null if the text does not look like a version. */
export function parseReleaseName(name: string): ReleaseName | null {
  const prefix = leadingVersion.test(name) ? '' : (packagePrefix.exec(name)?.[0] ?? '');
  const found = version.exec(name.slice(prefix.length));
  if (!found) return null;
  const [, numerals = '', suffix = ''] = found;
  return {
    prefix,
    numbers: numerals.split(/[.-]/).map(Number),
    suffix,
    preRelease: suffix !== '' && !finished.test(suffix),
  };
}

/** The same release under two spellings, such as `v1.2.0` and `1.2.0`. */
export function sameRelease(one: ReleaseName, other: ReleaseName): boolean {
  return one.prefix === other.prefix && one.suffix === other.suffix && compareNumbers(one.numbers, other.numbers) === 0;
}

/** Orders names of one commit: finished before pre-release, precise before coarse (`v1.2.0` before a moving `v1`), newest first. */
export function compareForOneCommit(one: ReleaseName, other: ReleaseName): number {
  return (
    Number(one.preRelease) - Number(other.preRelease) ||
    other.numbers.length - one.numbers.length ||
    compareNumbers(other.numbers, one.numbers)
  );
}

function compareNumbers(one: readonly number[], other: readonly number[]): number {
  const length = Math.max(one.length, other.length);
  for (let index = 0; index < length; index += 1) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
