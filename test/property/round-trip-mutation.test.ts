import { testRoundTrips } from '../support/round-trip.ts';
import { mutationRuns } from '../support/writers/mutation.ts';

testRoundTrips(mutationRuns);
