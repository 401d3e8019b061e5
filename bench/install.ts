import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark } from './figure.ts';
import { root, tool } from './processes.ts';

const installScripts = ['preinstall', 'install', 'postinstall'];

/** What a production install of the packed package brings along. */
export const install: Benchmark = {
  name: 'install',
  measure() {
    const folder = mkdtempSync(join(tmpdir(), 'aqe-bench-'));
    try {
      const packed = tool('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], root).trim();
      writeFileSync(join(folder, 'package.json'), '{"private":true}');
      tool(
        'npm',
        ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', join(folder, packed)],
        folder,
      );
      const packages = tool('npm', ['ls', '--omit=dev', '--all', '--parseable'], folder).trim().split('\n').slice(1);
      const files = readdirSync(join(folder, 'node_modules'), { recursive: true, encoding: 'utf8' });
      return [
        { name: 'install/packages', value: packages.length, bar: 30, unit: 'packages' },
        { name: 'install/scripts', value: packages.filter(runsScripts).length, bar: 0, unit: 'packages' },
        {
          name: 'install/add-ons',
          value: files.filter((file) => file.endsWith('.node')).length,
          bar: 0,
          unit: 'files',
        },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function runsScripts(folder: string): boolean {
  const { scripts = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly scripts?: Readonly<Record<string, string>>;
  };
  return installScripts.some((name) => name in scripts);
}
