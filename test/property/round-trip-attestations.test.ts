import { testRoundTrips } from '../support/round-trip.ts';
import { attestedTests } from '../support/writers/attestations.ts';

testRoundTrips(attestedTests);
