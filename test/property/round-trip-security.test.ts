import { testRoundTrips } from '../support/round-trip.ts';
import { securityReports } from '../support/writers/security.ts';

testRoundTrips(securityReports);
