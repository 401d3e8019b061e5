import { testRoundTrips } from '../support/round-trip.ts';
import { vexDocuments } from '../support/writers/vex.ts';

testRoundTrips(vexDocuments);
