import { fuzzPart } from './suite.ts';

fuzzPart(4, 4);
