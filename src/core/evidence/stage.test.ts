import { expect, test } from 'vitest';
import { stageOf } from './stage.ts';

test.each([
  ['reports/junit/integration.xml', 'integration'],
  ['target/failsafe-reports/TEST-a.xml', 'integration'],
  ['target/surefire-reports/TEST-a.xml', 'unit'],
  ['reports/unit-tests.xml', 'unit'],
  ['reports/E2E/results.xml', 'e2e'],
  ['playwright/junit.xml', 'e2e'],
  ['reports/smoke_integration.xml', 'e2e'],
  ['reports/community.xml', null],
  ['reports/disintegration.xml', null],
  ['junit.xml', null],
])('%s is of stage %s', (path, stage) => {
  expect(stageOf(path)).toBe(stage);
});
