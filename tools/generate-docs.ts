// Writes the reference pages and schemas that are made from the source. With --check nothing is written: the names of the
// files that differ are printed, and the exit status is 1 if there are any.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { jsonSchema } from '../src/config/json-schema.ts';
import { assessmentJsonSchema } from '../src/surfaces/json/assessment-schema.ts';
import { backtestJsonSchema } from '../src/surfaces/json/backtest-schema.ts';
import { cliPage } from './reference/cli-page.ts';
import { configPage } from './reference/config-page.ts';
import { errorsPage } from './reference/errors-page.ts';
import { formatsPage } from './reference/formats-page.ts';
import { metricsPage } from './reference/metrics-page.ts';
import { severitiesPage } from './reference/severities-page.ts';
import { readmePage } from './reference/readme-output.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const files: Readonly<Record<string, string>> = {
  'README.md': await readmePage(root),
  'docs/reference/cli.md': cliPage(),
  'docs/reference/config.md': configPage(),
  'docs/reference/errors.md': errorsPage(),
  'docs/reference/formats.md': formatsPage(),
  'docs/reference/metrics.md': metricsPage(),
  'docs/reference/severities.md': severitiesPage(),
  'schema/aqe-deploy.schema.json': JSON.stringify(jsonSchema()),
  'schema/assessment.schema.json': JSON.stringify(assessmentJsonSchema()),
  'schema/backtest.schema.json': JSON.stringify(backtestJsonSchema()),
};

const check = process.argv.includes('--check');
for (const [name, content] of Object.entries(files)) {
  const path = join(root, name);
  const made = await format(content, { ...(await resolveConfig(path)), filepath: path });
  const there = await readFile(path, 'utf8').catch(() => null);
  if (made === there) continue;
  process.stdout.write(check ? `${name} is not up to date: run npm run docs\n` : `${name}\n`);
  if (check) process.exitCode = 1;
  else await mkdir(dirname(path), { recursive: true }).then(() => writeFile(path, made));
}
