import { testRoundTrips } from '../support/round-trip.ts';
import { lineTests } from '../support/writers/tests-lines.ts';

testRoundTrips(lineTests);
