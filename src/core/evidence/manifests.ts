/** Files that declare a package and its dependencies. A folder that holds one is a module. */
const packageManifests = new Set([
  'package.json',
  'deno.json',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'build.sbt',
  'go.mod',
  'cargo.toml',
  'pyproject.toml',
  'setup.py',
  'setup.cfg',
  'composer.json',
  'gemfile',
  'mix.exs',
  'pubspec.yaml',
  'package.swift',
]);

/** Files that only list dependencies. */
const dependencyLists = new Set([
  'libs.versions.toml',
  'requirements.txt',
  'requirements.in',
  'pipfile',
  'directory.packages.props',
  'packages.config',
  'pnpm-workspace.yaml',
]);

const packageManifestPattern = /\.(?:csproj|fsproj|vbproj|gemspec|podspec)$/;
const dependencyListPattern = /^requirements[-_.][\w.-]+\.(?:txt|in)$/;

export function isPackageManifest(path: string): boolean {
  const name = baseName(path);
  return packageManifests.has(name) || packageManifestPattern.test(name);
}

/** Package manifests and dependency lists; never a lock file. */
export function isDependencyManifest(path: string): boolean {
  const name = baseName(path);
  return isPackageManifest(path) || dependencyLists.has(name) || dependencyListPattern.test(name);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase();
}
