import { testRoundTrips } from '../support/round-trip.ts';
import { jsonTests } from '../support/writers/tests-json.ts';

testRoundTrips(jsonTests);
