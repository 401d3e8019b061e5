import { testRoundTrips } from '../support/round-trip.ts';
import { reviewAnswers } from '../support/writers/reviews.ts';

testRoundTrips(reviewAnswers);
