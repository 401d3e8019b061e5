import { testRoundTrips } from '../support/round-trip.ts';
import { lintReports } from '../support/writers/lint.ts';

testRoundTrips(lintReports);
