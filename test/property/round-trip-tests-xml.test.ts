import { testRoundTrips } from '../support/round-trip.ts';
import { xmlTests } from '../support/writers/tests-xml.ts';

testRoundTrips(xmlTests);
