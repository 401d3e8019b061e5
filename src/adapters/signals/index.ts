// Made by tools/generate-registry.ts: add a reader file and run `npm run docs`.
import type { SignalReader } from '../../ports/signal-reader.ts';
import { autocannon } from './autocannon.ts';
import { cobertura } from './cobertura.ts';
import { ctrf } from './ctrf.ts';
import { eslint } from './eslint.ts';
import { istanbulSummary } from './istanbul-summary.ts';
import { junit } from './junit.ts';
import { k6Summary } from './k6-summary.ts';
import { lcov } from './lcov.ts';
import { npmAudit } from './npm-audit.ts';
import { sarif } from './sarif.ts';
import { stryker } from './stryker.ts';
import { trivy } from './trivy.ts';

/** Every reader, in the order of their file names. Exactly one claims a well-formed report. */
export const signalReaders: readonly SignalReader[] = [
  autocannon,
  cobertura,
  ctrf,
  eslint,
  istanbulSummary,
  junit,
  k6Summary,
  lcov,
  npmAudit,
  sarif,
  stryker,
  trivy,
];
