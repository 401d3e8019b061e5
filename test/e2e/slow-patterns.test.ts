import { afterAll, expect, test } from 'vitest';
import { aqe, type CliResult } from '../support/cli.ts';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { project } from '../support/project.ts';

afterAll(removeTemporaryFolders);

const many = 150_000;
const mapped = `service: shop
evidence:
  mappings:
    own: { type: json, files: reports/own.json, producer: Own, metrics: [{ metric: response_time, path: $.p95, unit: s }] }
`;

/** Texts on which a careless pattern goes back for each character. */
const reports: readonly (readonly [name: string, path: string, text: string])[] = [
  ['white space inside a value of SPDX', 'sbom.spdx', `SPDXVersion: SPDX-2.3\nCreator: Tool: a${'\t'.repeat(many)}b\n`],
  [
    'white space before a line separator in TAP',
    'x.tap',
    `TAP version 13\n1..1\nnot ok 1 - x\n  ---\n  message:${'\t'.repeat(many)}\u2028\n  ...\n`,
  ],
  [
    'white space before a line separator of bundler-audit',
    'bundler-audit.txt',
    `Name: rack\nVersion: 1\nCVE: CVE-2026-1234\nSolution: upgrade to${' '.repeat(many)}\u2028x\nVulnerabilities found!\n`,
  ],
  ['file names of pylint', 'pylint.txt', `a.py:1:1: C0114: x (y)\nC${':0: C0000: '.repeat(many / 10)}\u2028\n`],
  ['starts of an element', 'coverage.xml', `<coverage version="1">${'<coverage'.repeat(many / 10)}`],
  ['starts of another element', 'xunit.xml', `<assemblies>${'<assembly\te'.repeat(many / 10)}`],
  ['digits of a number in a mapped report', 'own.json', `{"p95": "${'0'.repeat(many)}x"}`],
];

test.each(reports)(
  '%s are read in the time that their length asks for',
  async (_, path, text) => {
    const shop = project({ config: mapped, history: 'none', tests: null });
    shop.write(`reports/${path}`, text);
    const start = performance.now();

    const { code, err }: CliResult = await aqe(shop.root, ['deploy', 'evidence', '--json']);

    // A pattern that goes back for each of so many characters takes more than twenty seconds.
    expect(performance.now() - start).toBeLessThan(4000);
    expect(err).not.toContain('this is a bug');
    expect([0, 1, 2, 3]).toContain(code);
  },
  30_000,
);
