import { testRoundTrips } from '../support/round-trip.ts';
import { dynamicReports } from '../support/writers/dynamic.ts';

testRoundTrips(dynamicReports);
