import { fuzzPart } from './suite.ts';

fuzzPart(3, 4);
