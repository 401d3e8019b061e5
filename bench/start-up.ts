import type { Benchmark } from './figure.ts';
import { aqe, bareNode, medians } from './processes.ts';

/** How long the smallest command takes, in starts of Node itself. */
export const startUp: Benchmark = {
  name: 'start-up',
  measure() {
    const [bare = NaN, version = NaN] = medians([bareNode, aqe(['version'])]);
    return [{ name: 'start-up', value: version / bare, bar: 2, unit: '× node -e 0' }];
  },
};
