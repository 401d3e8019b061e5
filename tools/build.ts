import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

// One program and the threads it starts; everything that is imported on first use becomes a chunk of its own. Dependencies are part of the bundle:
// reading one file instead of hundreds is most of the start-up time (docs/adr/0005-bundled-program.md).
const outdir = 'dist';
await rm(outdir, { recursive: true, force: true });
const result = await build({
  entryPoints: { main: 'src/main.ts', 'reading-thread': 'src/wiring/reading-thread.ts' },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minifySyntax: true,
  minifyWhitespace: true,
  // The YAML library is CommonJS under Node and asks for built-in modules by `require`.
  banner: { js: "import{createRequire as aqeRequire}from'node:module';const require=aqeRequire(import.meta.url);" },
  legalComments: 'linked',
  metafile: true,
  logLevel: 'warning',
});
const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
process.stdout.write(`dist: ${Object.keys(result.metafile.outputs).length} files, ${Math.round(bytes / 1024)} kB\n`);
