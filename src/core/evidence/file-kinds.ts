const lockFiles: ReadonlySet<string> = new Set([
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'deno.lock',
  'cargo.lock',
  'go.sum',
  'go.work.sum',
  'poetry.lock',
  'uv.lock',
  'pdm.lock',
  'pipfile.lock',
  'composer.lock',
  'gemfile.lock',
  'mix.lock',
  'pubspec.lock',
  'packages.lock.json',
  'gradle.lockfile',
  'podfile.lock',
]);

const sourceEndings: ReadonlySet<string> = new Set(
  (
    'js cjs mjs jsx ts cts mts tsx vue svelte astro py pyi rb php java kt kts scala groovy clj cljs cs fs vb go rs swift m mm ' +
    'c h cc cpp cxx hh hpp hxx dart ex exs erl hrl elm hs lua pl pm r jl nim zig sql sh bash ps1 css scss sass less html graphql proto tf'
  ).split(' '),
);

/** Written by a package manager: its lines say nothing about the size of a change. */
export function isLockFile(path: string): boolean {
  return lockFiles.has(nameOf(path));
}

/** Source code by its ending; not minified, not data, not prose. */
export function isSourceFile(path: string): boolean {
  const name = nameOf(path);
  return !/\.min\.\w+$/.test(name) && sourceEndings.has(name.slice(name.lastIndexOf('.') + 1)) && name.includes('.');
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase();
}
