import { fuzzPart } from './suite.ts';

fuzzPart(1, 4);
