import { fuzzPart } from './suite.ts';

fuzzPart(2, 4);
