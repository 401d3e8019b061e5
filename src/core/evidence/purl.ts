/** A package URL (purl), its parts decoded. */
export interface PackageUrl {
  /** Lower case: `npm`, `maven`, `deb` … */
  readonly type: string;
  /** Group, scope, vendor or distribution; empty if there is none. */
  readonly namespace: string;
  readonly name: string;
  readonly version: string | null;
  /** The qualifier of that name: RPM and Debian write it before the version and a colon. */
  readonly epoch: string | null;
}

/** Null for text that is not a package URL. */
export function parsePurl(text: string): PackageUrl | null {
  if (!/^pkg:/i.test(text)) return null;
  const [beforeSubpath = ''] = text.slice(4).split('#', 1);
  const [path = '', qualifiers = ''] = splitAt(beforeSubpath, beforeSubpath.indexOf('?'));
  // A scope may stand there as it is, `@babel/core`: only behind the last slash an `@` begins the version.
  const at = path.lastIndexOf('@');
  const [coordinates = '', version = ''] = splitAt(path, at > path.lastIndexOf('/') ? at : -1);
  const segments = coordinates.split('/').filter((segment) => segment !== '');
  const type = segments.shift()?.toLowerCase();
  const name = segments.pop();
  if (!type || !name) return null;
  const epoch = qualifiers.split('&').find((qualifier) => qualifier.startsWith('epoch='));
  return {
    type,
    namespace: segments.map(decoded).join('/'),
    name: decoded(name),
    version: version ? decoded(version) : null,
    epoch: epoch ? decoded(epoch.slice(6)) : null,
  };
}

const joinedBySlash = new Set(['npm', 'composer', 'golang', 'github', 'gitlab', 'bitbucket', 'swift', 'docker']);

/** The name by which the tools of the ecosystem call the package: `group:artifact`, `@scope/name`, `vendor/name`. */
export function packageName({ type, namespace, name }: PackageUrl): string {
  if (namespace === '') return name;
  if (type === 'maven') return `${namespace}:${name}`;
  // The namespace of an operating system's package names the distribution.
  return joinedBySlash.has(type) ? `${namespace}/${name}` : name;
}

/** The same package at one version; a purl that states a version keeps it. */
export function purlAtVersion(purl: string, version: string): string {
  if (parsePurl(purl)?.version !== null) return purl;
  const end = purl.search(/[?#]/);
  const [path = purl, rest = ''] = end < 0 ? [purl, ''] : [purl.slice(0, end), purl.slice(end)];
  return `${path}@${encodeURIComponent(version.toWellFormed())}${rest}`;
}

function splitAt(text: string, at: number): readonly [string, string] {
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
