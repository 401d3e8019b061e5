import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { removeTemporaryFolders, temporaryFolder } from '../../test/support/git-repository.ts';
import { keysIn, readKeys } from './read-keys.ts';

afterAll(removeTemporaryFolders);

const key = (letter: string): string => `MCowBQYDK2VwAyEA${letter.repeat(43)}=`;
const pem = (text: string): string =>
  `-----BEGIN PUBLIC KEY-----\n${text.slice(0, 40)}\n${text.slice(40)}\n-----END PUBLIC KEY-----\n`;
function folder(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder();
  mkdirSync(join(root, 'keys'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, 'keys', name), text);
  return root;
}

describe('a folder of public keys', () => {
  test('has a file for each person, with keys by line or in PEM', () => {
    const root = folder({
      'ada@example.com.pub': `# of 2026\n${key('A')}\n\n  ${key('B')}\r\n`,
      'bob@example.com.pub': pem(key('C')) + pem(key('D')),
      'readme.md': 'no key',
      'eve@example.com.pub.old': 'no key',
    });

    expect(readKeys(root, 'keys')).toEqual({
      'ada@example.com': [key('A'), key('B')],
      'bob@example.com': [key('C'), key('D')],
    });
  });

  test('that is not there, or is a file, has none', () => {
    const root = temporaryFolder();
    writeFileSync(join(root, 'file'), '');

    expect([readKeys(root, 'none'), readKeys(root, 'file')]).toEqual([{}, {}]);
  });

  test.each([
    ['empty', ''],
    ['only words', '# words\n'],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n'],
    ['one line that is no key', `${key('A')}\nnot a key\n`],
    ['a key of another kind', 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n'],
    ['a key that is cut short', key('A').slice(0, -2)],
    ['too long', `# ${'x'.repeat(17_000)}\n${key('A')}\n`],
  ])('with a file that is %s is an error that names it', (_, text) => {
    const root = folder({ 'ada@example.com.pub': text });

    expect(() => readKeys(root, 'keys')).toThrow(
      expect.objectContaining({ code: 'AQE1005', context: { path: 'ada@example.com.pub' } }),
    );
    expect(() => keysIn(text, 'main:keys/ada@example.com.pub')).toThrow(expect.objectContaining({ code: 'AQE1005' }));
  });

  test('with a folder, a link to nothing or more than a thousand files is an error, not a policy without people', () => {
    const withFolder = folder({});
    mkdirSync(join(withFolder, 'keys', 'ada@example.com.pub'));
    const withLink = folder({});
    symlinkSync('nowhere', join(withLink, 'keys', 'ada@example.com.pub'));
    const withLoop = folder({});
    symlinkSync('ada@example.com.pub', join(withLoop, 'keys', 'ada@example.com.pub'));
    symlinkSync('loop', join(withLoop, 'loop'));
    const many = folder(Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`a${index}@x.pub`, key('A')])));

    expect(() => readKeys(withFolder, 'keys')).toThrow(expect.objectContaining({ code: 'AQE1005' }));
    expect(() => readKeys(withLink, 'keys')).toThrow(expect.objectContaining({ code: 'AQE1005' }));
    expect(() => readKeys(withLoop, 'keys')).toThrow(expect.objectContaining({ code: 'AQE1005' }));
    expect(() => readKeys(withLoop, 'loop')).toThrow(expect.objectContaining({ code: 'AQE1005' }));
    expect(() => readKeys(many, 'keys')).toThrow(expect.objectContaining({ code: 'AQE1005' }));
  });
});
