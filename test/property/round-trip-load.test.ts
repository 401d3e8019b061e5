import { testRoundTrips } from '../support/round-trip.ts';
import { loadLogs } from '../support/writers/load-logs.ts';
import { loadSummaries } from '../support/writers/load-summaries.ts';

testRoundTrips([...loadLogs, ...loadSummaries]);
