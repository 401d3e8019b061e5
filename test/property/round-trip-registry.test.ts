import { expect, test } from 'vitest';
import { signalReaders } from '../../src/adapters/signals/index.ts';
import type { RoundTrip } from '../support/round-trip.ts';
import { attestedTests } from '../support/writers/attestations.ts';
import { cloverCoverage } from '../support/writers/coverage-clover.ts';
import { textCoverage } from '../support/writers/coverage-text.ts';
import { xmlCoverage } from '../support/writers/coverage-xml.ts';
import { dependencyAudits } from '../support/writers/dependency-audits.ts';
import { dependencyScans } from '../support/writers/dependency-scans.ts';
import { dynamicReports } from '../support/writers/dynamic.ts';
import { inventories } from '../support/writers/inventories.ts';
import { lintReports } from '../support/writers/lint.ts';
import { loadLogs } from '../support/writers/load-logs.ts';
import { loadSummaries } from '../support/writers/load-summaries.ts';
import { mutationRuns } from '../support/writers/mutation.ts';
import { reviewAnswers } from '../support/writers/reviews.ts';
import { securityReports } from '../support/writers/security.ts';
import { serverReports } from '../support/writers/server.ts';
import { jsonTests } from '../support/writers/tests-json.ts';
import { lineTests } from '../support/writers/tests-lines.ts';
import { xmlTests } from '../support/writers/tests-xml.ts';
import { vexDocuments } from '../support/writers/vex.ts';

/** Readers without a writer, and why. */
const withoutWriter: ReadonlyMap<string, string> = new Map([]);

const trips: readonly RoundTrip[] = [
  xmlTests,
  jsonTests,
  lineTests,
  attestedTests,
  textCoverage,
  xmlCoverage,
  cloverCoverage,
  mutationRuns,
  lintReports,
  securityReports,
  dependencyAudits,
  dependencyScans,
  inventories,
  serverReports,
  vexDocuments,
  dynamicReports,
  loadLogs,
  loadSummaries,
  reviewAnswers,
].flat();

test('every reader has a writer whose documents it reads back, or a reason to have none', () => {
  const written = new Set(trips.map(({ name }) => name.split(' ', 1)[0]!));

  const neither = signalReaders.map(({ id }) => id).filter((id) => !written.has(id) && !withoutWriter.has(id));
  const unknown = [...written, ...withoutWriter.keys()].filter(
    (id) => !signalReaders.some((reader) => reader.id === id),
  );
  const both = [...withoutWriter.keys()].filter((id) => written.has(id));

  expect({ neither, unknown, both }).toEqual({ neither: [], unknown: [], both: [] });
});

test('no two writers have one name', () => {
  const names = trips.map(({ name }) => name);

  expect(new Set(names).size).toBe(names.length);
});
