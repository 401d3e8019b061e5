import { testRoundTrips } from '../support/round-trip.ts';
import { dependencyAudits } from '../support/writers/dependency-audits.ts';
import { dependencyScans } from '../support/writers/dependency-scans.ts';
import { inventories } from '../support/writers/inventories.ts';

testRoundTrips([...dependencyAudits, ...dependencyScans, ...inventories]);
