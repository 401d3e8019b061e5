import { testRoundTrips } from '../support/round-trip.ts';
import { cloverCoverage } from '../support/writers/coverage-clover.ts';
import { textCoverage } from '../support/writers/coverage-text.ts';
import { xmlCoverage } from '../support/writers/coverage-xml.ts';

testRoundTrips([...textCoverage, ...xmlCoverage, ...cloverCoverage]);
