import { expect, test } from 'vitest';
import { parseReleaseName } from './release-name.ts';

test.each([
  ['1', '', [1], false],
  ['v1.2.0', '', [1, 2, 0], false],
  ['V1.2', '', [1, 2], false],
  ['1.2.0-rc.1', '', [1, 2, 0], true],
  ['v1.2.0-1', '', [1, 2, 0], true],
  ['1.2.0-beta-2', '', [1, 2, 0], true],
  ['1.2rc1', '', [1, 2], true],
  ['1.2.0+build.5', '', [1, 2, 0], false],
  ['1.2.0-rc.1+build', '', [1, 2, 0], true],
  ['5.3.0.RELEASE', '', [5, 3, 0], false],
  ['4.2.0.Final', '', [4, 2, 0], false],
  ['2024.01.05', '', [2024, 1, 5], false],
  ['2024-01-05', '', [2024, 1, 5], false],
  ['release-2024-01-05', 'release-', [2024, 1, 5], false],
  ['checkout-v1.2.0', 'checkout-', [1, 2, 0], false],
  ['checkout-v1.2.0-rc.1', 'checkout-', [1, 2, 0], true],
  ['pkg@1.2.0', 'pkg@', [1, 2, 0], false],
  ['@shop/cart-2@1.2.0', '@shop/cart-2@', [1, 2, 0], false],
  ['release/1.2', 'release/', [1, 2], false],
  ['foo-2-v1.2.0', 'foo-2-', [1, 2, 0], false],
  ['k8s-v1.2', 'k8s-', [1, 2], false],
] as const)('%s is a release', (name, prefix, numbers, preRelease) => {
  expect(parseReleaseName(name)).toMatchObject({ prefix, numbers, preRelease });
});

test.each([
  '',
  'v',
  'latest',
  'main',
  'nightly',
  'v1.2.0 x',
  '1.2.0@x',
  'checkout',
  '1password',
  'v.1',
  `v${'1'.repeat(30)}`,
])('%j is not a release', (name) => {
  expect(parseReleaseName(name)).toBeNull();
});
