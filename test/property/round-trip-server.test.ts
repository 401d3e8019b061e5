import { testRoundTrips } from '../support/round-trip.ts';
import { serverReports } from '../support/writers/server.ts';

testRoundTrips(serverReports);
