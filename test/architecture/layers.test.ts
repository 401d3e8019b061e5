import { describe, expect, test } from 'vitest';
import { countSources, graphOf, readSources } from './module-graph.ts';
import { rules } from './rules.ts';

const sources = readSources();
const isTest = (path: string): boolean => path.endsWith('.test.ts');
const product = graphOf(Object.fromEntries(Object.entries(sources).filter(([path]) => !isTest(path))));

/** A few modules that break one rule, and the violation that is to be found in them. */
const planted: Readonly<
  Record<keyof typeof rules, readonly { readonly files: Record<string, string>; readonly found: string }[]>
> = {
  'a layer imports only what lies to its left': [
    ['core/a.ts', '../ports/b.ts', 'import type'],
    ['core/a.ts', '../app/b.ts', 'import'],
    ['ports/a.ts', '../app/b.ts', 'import type'],
    ['ports/a.ts', '../config/b.ts', 'import type'],
    ['app/a.ts', '../adapters/files/b.ts', 'import'],
    ['app/a.ts', '../config/b.ts', 'import type'],
    ['app/a.ts', '../surfaces/cli/b.ts', 'export'],
    ['adapters/files/a.ts', '../../app/b.ts', 'export type'],
    ['adapters/files/a.ts', '../../config/b.ts', 'import'],
    ['config/a.ts', '../app/b.ts', 'import'],
    ['config/a.ts', '../adapters/files/b.ts', 'import'],
    ['surfaces/cli/a.ts', '../../adapters/files/b.ts', 'import'],
    ['surfaces/cli/a.ts', '../../wiring/b.ts', 'import type'],
    ['wiring/a.ts', '../main.ts', 'import'],
    ['main.ts', './app/b.ts', 'import'],
    ['core/a.ts', '../../package.json', 'import'],
    ['elsewhere/a.ts', '../core/b.ts', 'import'],
  ].map(([from = '', to = '', how]) => {
    const target = new URL(to, `file:///src/${from}`).pathname.replace(/^\/src\//, '').replace(/^\//, '../');
    return {
      files: { [from]: `${how} { b } from '${to}';`, [target]: '' },
      found: `${from} imports ${target}`,
    };
  }),
  'an adapter imports no other adapter': [
    plant('adapters/signals/lcov.ts', "import { junit } from './junit.ts';", 'adapters/signals/junit.ts'),
    plant('adapters/signals/lcov.ts', "import('../files/walk.ts');", 'adapters/files/walk.ts'),
    plant('adapters/signals/lcov.ts', "import { run } from '../process/run.ts';", 'adapters/process/run.ts'),
    plant('adapters/signals/shared/xml.ts', "import { junit } from '../junit.ts';", 'adapters/signals/junit.ts'),
    plant('adapters/stores/sqlite/a.ts', "export * from '../postgres/b.ts';", 'adapters/stores/postgres/b.ts'),
    plant('adapters/sources/git/a.ts', "import '../../files/walk.ts';", 'adapters/files/walk.ts'),
    plant('adapters/system/a.ts', "import '../process/run.ts';", 'adapters/process/run.ts'),
  ],
  'core, ports and app import neither packages nor built-in modules': [
    plant('core/a.ts', "import { createHash } from 'node:crypto';", 'node:crypto'),
    plant('core/a.ts', "import type { z } from 'zod';", 'zod'),
    plant('ports/a.ts', "import type { Readable } from 'node:stream';", 'node:stream'),
    plant('app/a.ts', "await import('yaml');", 'yaml'),
  ],
  'only the process adapter starts processes': [
    plant('surfaces/cli/a.ts', "import { spawn } from 'node:child_process';", 'node:child_process'),
    plant('adapters/sources/git/a.ts', "await import('child_process');", 'child_process'),
  ],
  'only listed modules touch files': [
    plant('surfaces/cli/a.ts', "import { readFile } from 'node:fs/promises';", 'node:fs/promises'),
    plant('adapters/sources/git/a.ts', "import fs from 'fs';", 'fs'),
    plant('config/load.ts', "import { readFileSync } from 'node:fs';", 'node:fs'),
  ],
  'report readers load nothing but what parses text': [
    plant('adapters/signals/a.ts', "import { request } from 'node:http';", 'node:http'),
    plant('adapters/signals/shared/a.ts', "import { runInThisContext } from 'node:vm';", 'node:vm'),
    plant('adapters/signals/a.ts', "await import('json-p3');", 'json-p3'),
    plant('adapters/signals/a.ts', "import { request } from 'undici';", 'undici'),
  ],
  'report readers reach neither the network nor the process, and run no text': [
    ['fetch(url)', 'fetch('],
    ['process.env', 'process.'],
    ['globalThis.x', 'globalThis'],
    ['eval(text)', 'eval('],
    ['new Function(text)', 'Function('],
  ].map(([text, found]) => ({
    files: { 'adapters/signals/a.ts': `const value = ${text};` },
    found: `adapters/signals/a.ts has ${found}`,
  })),
  'core and app have no clock, chance or timer of their own': [
    'Date.now()',
    'new Date()',
    'new Date',
    'Math.random()',
    'setTimeout(() => 1, 5)',
  ].map((text) => ({
    files: { 'core/a.ts': `const value = ${text};` },
    found: `core/a.ts has ${text.replace(/(?<!Date)\(.*/, '')}`,
  })),
  'no module is loaded in a way that this test cannot see': [
    { files: { 'wiring/a.ts': 'await import(name);' }, found: 'wiring/a.ts has import(' },
    { files: { 'app/a.ts': 'createRequire(import.meta.url);' }, found: 'app/a.ts has createRequire' },
  ],
  'heavy packages are loaded on first use': [
    {
      files: {
        'main.ts': "await import('./wiring/run.ts');",
        'wiring/run.ts': "import '../config/load.ts'; import('../config/lazy.ts');",
        'config/load.ts': "import { parse } from 'yaml';",
        'config/lazy.ts': "import { parse } from 'yaml';",
      },
      found: 'config/load.ts imports yaml',
    },
    {
      files: { 'main.ts': "import './surfaces/a.ts';", 'surfaces/a.ts': "import { Command } from 'commander';" },
      found: 'surfaces/a.ts imports commander',
    },
    {
      files: {
        'wiring/workspace.ts': "import '../adapters/stores/a.ts';",
        'adapters/stores/a.ts': "export { DatabaseSync } from 'node:sqlite';",
      },
      found: 'adapters/stores/a.ts imports node:sqlite',
    },
  ],
  'every import of ours leads to a file': [
    plant('core/a.ts', "export type { B } from './gone.ts';", 'core/gone.ts', false),
  ],
  'no imports run in a circle': [
    {
      files: {
        'core/a.ts': "import { b } from './b.ts';",
        'core/b.ts': "export { c } from './c.ts';",
        'core/c.ts': "import type { A } from './a.ts';",
      },
      found: 'core/a.ts → core/b.ts → core/c.ts → core/a.ts',
    },
  ],
};

function plant(path: string, text: string, target: string, exists = true) {
  const other = exists && target.endsWith('.ts') ? { [target]: '' } : {};
  return { files: { [path]: text, ...other }, found: `${path} imports ${target}` };
}

test('the walk has seen every module there is', () => {
  const seen = Object.keys(sources).length;

  const there = countSources();

  expect(seen).toBeGreaterThanOrEqual(there);
  expect(product.size).toBeGreaterThan(100);
  expect([...product.values()].flatMap(({ imports }) => imports).length).toBeGreaterThan(product.size);
});

describe.each(Object.entries(rules))('%s', (name, rule) => {
  test('holds', () => {
    const violations = rule(product);

    expect(violations).toEqual([]);
  });

  test.each(planted[name as keyof typeof rules])('is broken where $found', ({ files, found }) => {
    const violations = rule(graphOf(files));

    expect(violations).toEqual([found]);
  });
});

test('a product module imports neither a test nor what tests are made of', () => {
  const used = [...product.values()].flatMap(({ path, imports }) =>
    imports
      .filter(({ specifier, target }) => (target ? isTest(target) : /^(?:vitest|fast-check|ajv)\b/.test(specifier)))
      .map(({ specifier }) => `${path} imports ${specifier}`),
  );

  expect(used).toEqual([]);
});

test.each([
  ["import { a } from './b.ts';", 'static'],
  ["import './b.ts';", 'static'],
  ["import type { A } from './b.ts';", 'type'],
  ["import type A from './b.ts';", 'type'],
  ["import { type A } from './b.ts';", 'static'],
  ["import type, { a } from './b.ts';", 'static'],
  ["export { a } from './b.ts';", 'static'],
  ["export * from './b.ts';", 'static'],
  ["export type { A } from './b.ts';", 'type'],
  ["export const a = 1;\nconst b = await import('./b.ts');", 'dynamic'],
])('%s is a %s import', (text, kind) => {
  const graph = graphOf({ 'core/a.ts': text });

  expect(graph.get('core/a.ts')?.imports).toEqual([{ kind, specifier: './b.ts', target: 'core/b.ts' }]);
});
