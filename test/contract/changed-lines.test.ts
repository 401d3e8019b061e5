import { afterAll, describe, expect, test } from 'vitest';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { git } from '../support/source-worlds.ts';

afterAll(removeTemporaryFolders);

describe.each([git])('$name', (product) => {
  test('the new lines of a release are those that it adds or changes, by the file they are in at its head', async () => {
    const world = product.world();
    const content = Array.from({ length: 20 }, (_, line) => `line ${line + 1}\n`);
    world.write('src/edited.ts', 'a\nb\nc\nd\n');
    world.write('src/shorter.ts', 'a\nb\nc\n');
    world.write('src/moved.ts', content.join(''));
    world.write('src/moved-only.ts', content.join('').toUpperCase());
    world.write('src/gone.ts', 'x\n');
    world.write('logo.png', new Uint8Array([0x89, 0, 1, 2]));
    world.write('package-lock.json', '{\n}\n');
    world.commit('one');
    world.tag('v1.0.0');
    world.write('src/edited.ts', 'a\nB\nc\nd\ne\nf\n');
    world.write('src/shorter.ts', 'a\nc\n');
    world.move('src/moved.ts', 'lib/moved.ts');
    world.write('lib/moved.ts', content.with(9, 'changed\n').join(''));
    world.move('src/moved-only.ts', 'lib/moved-only.ts');
    world.remove('src/gone.ts');
    world.write('src/new.ts', '1\n2\n3');
    world.write('src/empty.ts', '');
    world.write('logo.png', new Uint8Array([0x89, 0, 1, 3]));
    world.write('package-lock.json', '{\n "a": 1\n}\n');
    world.commit('two');
    const source = world.source();
    world.write('src/edited.ts', 'not committed\n');

    const lines = await source.changedLines({ version: 'v1.1.0' });

    expect(lines).toEqual({
      since: 'v1.0.0',
      complete: true,
      files: [
        { path: 'lib/moved.ts', lines: [{ first: 10, last: 10 }] },
        {
          path: 'src/edited.ts',
          lines: [
            { first: 2, last: 2 },
            { first: 5, last: 6 },
          ],
        },
        { path: 'src/new.ts', lines: [{ first: 1, last: 3 }] },
      ],
      projectFiles: [
        'lib/moved-only.ts',
        'lib/moved.ts',
        'logo.png',
        'package-lock.json',
        'src/edited.ts',
        'src/empty.ts',
        'src/new.ts',
        'src/shorter.ts',
      ],
    });
  });

  test('in a first release every line is new', async () => {
    const world = product.world();
    world.write('a.ts', 'one\ntwo\n');
    world.write('package-lock.json', '{\n}\n');
    world.commit('one');
    world.write('b.ts', 'three\n');
    world.commit('two');

    const lines = await world.source().changedLines({ version: '1.0.0' });

    expect(lines).toEqual({
      since: null,
      complete: true,
      files: [
        { path: 'a.ts', lines: [{ first: 1, last: 2 }] },
        { path: 'b.ts', lines: [{ first: 1, last: 1 }] },
      ],
      projectFiles: ['a.ts', 'b.ts', 'package-lock.json'],
    });
  });

  test('a project below the root of the repository has its own new lines only', async () => {
    const world = product.world();
    world.write('shop/a.ts', 'a\n');
    world.write('other/b.ts', 'b\n');
    world.commit('one');
    world.tag('v1.0.0');
    world.write('shop/a.ts', 'a\nb\n');
    world.write('other/b.ts', 'c\n');
    world.commit('two');

    const lines = await world.source('shop').changedLines({ version: 'v1.1.0' });

    expect(lines).toEqual({
      since: 'v1.0.0',
      complete: true,
      files: [{ path: 'a.ts', lines: [{ first: 2, last: 2 }] }],
      projectFiles: ['a.ts'],
    });
  });
});
