import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../../test/support/arbitraries.ts';
import { packageName, parsePurl, purlAtVersion } from './purl.ts';

test.each([
  ['pkg:npm/lodash@4.17.20', 'lodash', '4.17.20'],
  ['pkg:npm/%40babel/core@7.0.0', '@babel/core', '7.0.0'],
  ['pkg:npm/@babel/core', '@babel/core', null],
  ['pkg:npm/@babel/core@7.0.0', '@babel/core', '7.0.0'],
  ['pkg:maven/org.apache/log4j-core@2.13.2?type=jar', 'org.apache:log4j-core', '2.13.2'],
  ['pkg:golang/github.com/gin-gonic/gin@v1.7.0#sub/path', 'github.com/gin-gonic/gin', 'v1.7.0'],
  ['pkg:deb/debian/openssl@1.1.1k-1%2Bdeb11u1?arch=amd64&epoch=1', 'openssl', '1.1.1k-1+deb11u1'],
  ['pkg:composer/symfony/console@v5', 'symfony/console', 'v5'],
  ['PKG:PyPI/Django@2.0', 'Django', '2.0'],
] as const)('%s is %s', (purl, name, version) => {
  const parsed = parsePurl(purl)!;

  expect(packageName(parsed)).toBe(name);
  expect(parsed.version).toBe(version);
});

test.each(['', 'lodash', 'pkg:', 'pkg:npm', 'pkg:npm/', 'https://example.com/x@1'])('%j is no package URL', (text) => {
  expect(parsePurl(text)).toBeNull();
});

test('an epoch is kept apart from the version', () => {
  expect(parsePurl('pkg:rpm/redhat/bind@9.11?arch=x86_64&epoch=32')).toMatchObject({ version: '9.11', epoch: '32' });
});

test('any text is parsed or refused, and nothing throws', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => parsePurl(`pkg:${text}`)).not.toThrow();
    }),
    runs,
  );
});

test('a version is added before the qualifiers, and only where there is none', () => {
  const versionless = purlAtVersion('pkg:deb/debian/curl?arch=amd64', '1:7.0');
  const fixed = purlAtVersion('pkg:npm/a@1', '2');

  expect(versionless).toBe('pkg:deb/debian/curl@1%3A7.0?arch=amd64');
  expect(fixed).toBe('pkg:npm/a@1');
});
