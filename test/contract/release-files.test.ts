import { afterAll, describe, expect, test } from 'vitest';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { git } from '../support/source-worlds.ts';

afterAll(removeTemporaryFolders);

describe.each([git])('$name', (product) => {
  test('the files of a release are those that it adds or changes, whatever they hold', async () => {
    const world = product.world();
    for (const name of ['same', 'edited', 'gone', 'moved', 'logo.png']) world.write(`src/${name}`, `${name}\n`);
    world.commit('one');
    world.tag('v1.0.0');
    world.write('src/edited', 'other\n');
    world.remove('src/gone');
    world.move('src/moved', 'lib/moved');
    world.write('src/logo.png', new Uint8Array([0, 1, 2]));
    world.write('src/empty', '');
    world.write('src/nul', new Uint8Array([0]));
    world.write('src/a\nb "ö"\t\\', 'x\n');
    world.commit('two');

    const files = await world.source().touchedFiles({ version: 'v1.1.0' });

    expect(files).toEqual([
      { path: 'lib/moved', change: 'added' },
      { path: 'src/a\nb "ö"\t\\', change: 'added' },
      { path: 'src/edited', change: 'changed' },
      { path: 'src/empty', change: 'added' },
      { path: 'src/logo.png', change: 'changed' },
      { path: 'src/nul', change: 'added' },
    ]);
  });

  test('only those of the project, relative to it', async () => {
    const world = product.world();
    world.write('packages/web/a', '1\n');
    world.commit('one');
    world.tag('v1.0.0');
    world.write('packages/web/b', '1\n');
    world.write('packages/webapp/c', '1\n');
    world.commit('two');

    expect(await world.source('packages/web').touchedFiles({ version: 'v1.1.0' })).toEqual([
      { path: 'b', change: 'added' },
    ]);
  });

  test('a first release adds everything, and outside a repository nothing is known', async () => {
    const world = product.world();
    world.write('a', '1\n');
    world.commit('one');

    expect(await world.source().touchedFiles({ version: 'v1.0.0' })).toEqual([{ path: 'a', change: 'added' }]);
    expect(await product.outside().touchedFiles({ version: 'v1.0.0' })).toBeNull();
    await expect(world.source().touchedFiles({ version: '1', baseline: 'nowhere' })).rejects.toMatchObject({
      code: 'AQE2012',
    });
  });
});
