import { afterAll, describe, expect, test } from 'vitest';
import { removeTemporaryFolders } from '../support/git-repository.ts';
import { git } from '../support/source-worlds.ts';

afterAll(removeTemporaryFolders);

describe.each([git])('$name', (product) => {
  test('a file is read as it was at a revision, with the commit that the revision names', async () => {
    const world = product.world();
    world.write('aqe-deploy.yaml', 'service: shöp\n');
    world.write('packages/web/a', '1\n');
    const first = world.commit('one');
    world.tag('v1.0.0');
    world.write('aqe-deploy.yaml', 'service: other\n');
    world.write('big', 'x'.repeat(1024 * 1024 + 1));
    const second = world.commit('two');
    world.write('aqe-deploy.yaml', 'service: not committed\n');
    const source = world.source();

    expect(await source.fileAt('v1.0.0', 'aqe-deploy.yaml')).toEqual({ commit: first, text: 'service: shöp\n' });
    expect(await source.fileAt('main', 'aqe-deploy.yaml')).toEqual({ commit: second, text: 'service: other\n' });
    expect(await world.source('packages/web').fileAt(first, '../../aqe-deploy.yaml')).toMatchObject({ commit: first });
    expect(await world.source('packages/web').fileAt('main', 'a')).toEqual({ commit: second, text: '1\n' });
    await expect(source.fileAt('main', 'big')).rejects.toMatchObject({ code: 'AQE2011' });
    for (const path of ['none', 'packages', '', '/etc/hosts', '../x', 'a\0b', ':(top)aqe-deploy.yaml', '*', '--'])
      expect(await source.fileAt('main', path)).toBeNull();
    for (const revision of ['nowhere', '', '--help', '-x', '^main', 'main..v1.0.0', 'main:aqe-deploy.yaml', 'ma\nin'])
      await expect(source.fileAt(revision, 'aqe-deploy.yaml')).rejects.toMatchObject({ code: 'AQE2012' });
    expect(await product.outside().fileAt('main', 'a')).toBeNull();
  });

  test('files and folders at two revisions have equal marks where their contents are equal', async () => {
    const world = product.world();
    world.write('aqe-deploy.yaml', 'mode: shadow\n');
    world.write('.aqe/keys/ada@example.com.pub', 'one\n');
    world.write('.aqe/keys-old', 'no key\n');
    const first = world.commit('one');
    world.write('.aqe/keys/ada@example.com.pub', 'two\n');
    world.write('.aqe/keys/bob@example.com.pub', 'one\n');
    world.commit('two');
    const source = world.source();
    const paths = ['aqe-deploy.yaml', '.aqe/keys', 'none'];

    const old = (await source.filesAt(first, paths))!;
    const now = (await source.filesAt('HEAD', paths))!;

    expect([old.commit, [...old.files.keys()]]).toEqual([first, ['.aqe/keys/ada@example.com.pub', 'aqe-deploy.yaml']]);
    expect([...now.files.keys()].sort()).toEqual([
      '.aqe/keys/ada@example.com.pub',
      '.aqe/keys/bob@example.com.pub',
      'aqe-deploy.yaml',
    ]);
    expect(now.files.get('aqe-deploy.yaml')).toBe(old.files.get('aqe-deploy.yaml'));
    expect(now.files.get('.aqe/keys/bob@example.com.pub')).toBe(old.files.get('.aqe/keys/ada@example.com.pub'));
    expect(now.files.get('.aqe/keys/ada@example.com.pub')).not.toBe(old.files.get('.aqe/keys/ada@example.com.pub'));
    expect((await source.filesAt(first, []))!.files.size).toBe(0);
    await expect(source.filesAt('0'.repeat(40), paths)).rejects.toMatchObject({ code: 'AQE2012' });
    expect(await product.outside().filesAt('HEAD', paths)).toBeNull();
  });

  test('outside a repository there is no release and nothing is tracked', async () => {
    const source = product.outside();

    const answers = [
      await source.resolve({ version: '1.0.0' }),
      await source.change({ version: '1.0.0' }),
      await source.changedLines({ version: '1.0.0' }),
    ];
    const history = await source.fileHistory(['a']);

    expect(answers).toEqual([null, null, null]);
    expect([...history]).toEqual([['a', { kind: 'untracked' }]]);
    await expect(source.sourcesDigest('HEAD', [])).rejects.toMatchObject({ code: 'AQE2011' });
  });

  test('before a first commit there is no release', async () => {
    const world = product.world();
    world.write('a', 'one\n');

    const source = world.source();

    expect(await source.resolve({ version: '1.0.0' })).toBeNull();
    expect(await source.change({ version: '1.0.0', revision: 'main' })).toBeNull();
    expect(await source.changedLines({ version: '1.0.0', revision: 'main' })).toBeNull();
    expect([...(await source.fileHistory(['a']))]).toEqual([['a', { kind: 'untracked' }]]);
  });

  test('the release is the tag of the version, else the present commit, unless a revision is asked for', async () => {
    const world = product.world();
    world.write('a', 'one\n');
    const first = world.commit('one', { hour: 1 });
    world.tag('v1.0.0');
    world.write('a', 'two\n');
    const second = world.commit('two', { hour: 2 });
    const source = world.source();

    const byTag = await source.resolve({ version: 'v1.0.0' });
    const byHead = await source.resolve({ version: 'v2.0.0' });
    const byRevision = await source.resolve({ version: 'v2.0.0', revision: first.slice(0, 12) });

    expect(byTag).toEqual({ commit: first, committedAt: '2026-01-01T01:00:00.000Z', from: 'tag' });
    expect(byHead).toEqual({ commit: second, committedAt: '2026-01-01T02:00:00.000Z', from: 'head' });
    expect(byRevision).toEqual({ commit: first, committedAt: '2026-01-01T01:00:00.000Z', from: 'revision' });
  });

  test('a revision or baseline that does not exist is an error that says how to get it', async () => {
    const world = product.world();
    world.write('a', 'one\n');
    world.commit('one');
    const source = world.source();

    const unknown = { code: 'AQE2012', hint: expect.stringContaining('git fetch') };

    await expect(source.resolve({ version: '1', revision: 'nowhere' })).rejects.toMatchObject(unknown);
    await expect(source.change({ version: '1', revision: 'nowhere' })).rejects.toMatchObject(unknown);
    await expect(source.change({ version: '1', baseline: 'nowhere' })).rejects.toMatchObject(unknown);
    await expect(source.changedLines({ version: '1', baseline: 'nowhere' })).rejects.toMatchObject(unknown);
    await expect(source.sourcesDigest('nowhere', [])).rejects.toMatchObject(unknown);
  });

  test('a change counts the lines, files and commits since the release before', async () => {
    const world = product.world();
    world.write('package.json', '{}\n');
    world.write('src/api/a.ts', 'a\nb\nc\n');
    world.write('src/web/b.ts', 'a\nb\nc\nd\n');
    world.write('logo.png', new Uint8Array([0x89, 0, 1, 2]));
    const first = world.commit('feat: first', { hour: 0 });
    world.tag('v1.0.0');
    world.write('src/api/a.ts', 'a\nB\nc\n');
    world.commit('fix: a', { name: 'Bob', email: 'bob@example.org', hour: 24 });
    world.write('src/api/c.ts', 'x\ny\n');
    world.write('logo.png', new Uint8Array([0x89, 0, 1, 3]));
    world.commit('feat!: c', { hour: 48 });
    world.write('package.json', '{ "a": 1 }\n');
    const last = world.commit('chore: depend on a', { email: 'ADA@example.org', hour: 71 });
    world.tag('v1.1.0');

    const change = await world.source().change({ version: 'v1.1.0' });

    expect(change).toMatchObject({
      head: { commit: last, committedAt: '2026-01-03T23:00:00.000Z', from: 'tag' },
      dirty: false,
      historyComplete: true,
      baseline: { commit: first, ref: 'v1.0.0', committedAt: '2026-01-01T00:00:00.000Z' },
      daysSinceBaseline: 2,
      linesAdded: 4,
      linesDeleted: 2,
      filesChanged: 4,
      binaryFiles: 1,
      directories: 2,
      modules: { touched: ['src/api'], total: 2 },
      dependencyLines: 2,
      commits: 3,
      authors: [
        { name: 'Ada', email: 'ADA@example.org', commits: 2, priorCommits: 1 },
        { name: 'Bob', email: 'bob@example.org', commits: 1, priorCommits: 0 },
      ],
      kinds: { features: 1, fixes: 1, performance: 0, breaking: 1, other: 1 },
      // The ten lines of the tree without the one of package.json, which is data.
      projectLines: 9,
      projectFiles: 5,
      changelogUpdated: null,
    });
    expect(change?.highlights.map(({ kind, subject }) => [kind, subject])).toEqual([
      ['feature', 'feat!: c'],
      ['fix', 'fix: a'],
    ]);
    // Three files with lines, two changed lines in each.
    expect(change?.entropy).toBeCloseTo(1, 12);
  });

  test('a first release changes everything there is', async () => {
    const world = product.world();
    world.write('a.ts', 'one\ntwo\n');
    world.commit('feat: one');
    world.write('notes', 'three\n');
    world.write('package-lock.json', '{\n}\n');
    world.commit('two');

    const change = await world.source().change({ version: '1.0.0' });

    expect(change).toMatchObject({ baseline: null, daysSinceBaseline: null, commits: 2, projectFiles: 3 });
    // Lock files are written by a program: their lines count nowhere. Notes are no source.
    expect(change).toMatchObject({ linesAdded: 3, linesDeleted: 0, filesChanged: 3, projectLines: 2 });
    expect(change?.authors).toMatchObject([{ commits: 2, priorCommits: 0 }]);
  });

  test('a baseline that is asked for wins over the newest release', async () => {
    const world = product.world();
    world.write('a', '1\n');
    const first = world.commit('one');
    world.write('a', '2\n');
    world.commit('two');
    world.tag('v1.0.0');
    world.write('a', '3\n');
    world.commit('three');

    const change = await world.source().change({ version: 'v1.1.0', baseline: first });

    expect(change?.baseline).toMatchObject({ commit: first, ref: first });
    expect(change?.commits).toBe(2);
  });

  test('a project below the root of the repository sees its own files, commits and authors only', async () => {
    const world = product.world();
    world.write('shop/package.json', '{}\n');
    world.write('shop/src/a.ts', 'a\n');
    world.write('shop/CHANGELOG.md', 'x\n');
    world.write('other/CHANGELOG.md', 'x\n');
    world.commit('feat: shop');
    world.tag('v1.0.0');
    world.write('other/b.ts', 'b\n');
    world.commit('feat: other', { name: 'Bob', email: 'bob@example.org' });
    world.write('shop/src/a.ts', 'A\n');
    const last = world.commit('fix: shop');
    world.write('other/b.ts', 'not committed\n');
    const source = world.source('shop');

    const change = await source.change({ version: 'v1.1.0' });
    const history = await source.fileHistory(['src/a.ts', 'b.ts', '../other/b.ts']);

    expect(change).toMatchObject({
      dirty: false,
      filesChanged: 1,
      commits: 1,
      projectFiles: 3,
      changelogUpdated: false,
    });
    expect(change).toMatchObject({ authors: [{ name: 'Ada' }], modules: { touched: ['src'], total: 1 } });
    expect(Object.fromEntries(history)).toMatchObject({
      'src/a.ts': { kind: 'committed', commit: last },
      'b.ts': { kind: 'untracked' },
      '../other/b.ts': { kind: 'untracked' },
    });
  });

  test('only changes of tracked files make a project dirty', async () => {
    const world = product.world();
    world.write('a', 'one\n');
    world.commit('one');
    world.write('new', 'x\n');

    const withUntracked = await world.source().change({ version: '1' });
    world.write('a', 'two\n');
    const withModified = await world.source().change({ version: '1' });
    const modified = await world.source().modifiedFiles();

    expect(withUntracked?.dirty).toBe(false);
    expect(withModified?.dirty).toBe(true);
    expect(modified).toEqual(['a']);
  });

  test('what a source has answered it answers again, whatever happens meanwhile', async () => {
    const world = product.world();
    world.write('a', 'one\n');
    world.commit('one');
    const source = world.source();

    const before = await source.change({ version: '1' });
    world.write('a', 'two\n');
    world.commit('two');
    const after = await source.change({ version: '1' });

    expect(after).toEqual(before);
  });

  test('a renamed file is one changed file in both of its folders', async () => {
    const world = product.world();
    const content = Array.from({ length: 20 }, (_, line) => `line ${line}\n`).join('');
    world.write('lib/one/a.ts', content);
    world.write('lib/two/b.ts', 'b\n');
    world.commit('one');
    world.tag('1.0');
    world.move('lib/one/a.ts', 'lib/two/a.ts');
    world.write('lib/one/keep.ts', 'k\n');
    world.commit('two');

    const change = await world.source().change({ version: '1.1' });

    expect(change).toMatchObject({ filesChanged: 2, linesAdded: 1, linesDeleted: 0, directories: 2 });
    expect(change?.modules).toEqual({ touched: ['lib/one', 'lib/two'], total: 2 });
  });

  test('the changelog counts as updated when it changed or names the version', async () => {
    const world = product.world();
    world.write('CHANGELOG.md', '## [1.1.0]\n');
    world.commit('one');
    world.tag('v1.0.0');
    world.write('a', 'a\n');
    world.commit('two');
    const source = world.source();

    const named = await source.change({ version: 'v1.1.0' });
    const silent = await source.change({ version: 'v1.1.1' });
    world.write('CHANGELOG.md', '## [1.1.0]\n## Next\n');
    world.commit('three');
    const changed = await world.source().change({ version: 'v1.1.1' });

    expect([named, silent, changed].map((change) => change?.changelogUpdated)).toEqual([true, false, true]);
  });

  test('the history of a file is the commit that brought its present content', async () => {
    const world = product.world();
    const strange = ['-rf', '--output=x', '*', 'a\nb', 'tab\tname', '"quoted"', ':(glob)**', 'dir/ü ü', '[a]'];
    for (const path of strange) world.write(path, `${path}\n`);
    world.write('old', 'old\n');
    world.write('edited', 'one\n');
    const first = world.commit('one', { hour: 1 });
    world.write('b', 'b\n');
    world.commit('two', { hour: 2 });
    world.write('edited', 'two\n');
    world.write('untracked', 'x\n');

    const history = await world
      .source()
      .fileHistory([...strange, 'old', 'edited', 'untracked', 'missing', 'dir', '', '/etc/passwd']);

    const committed = { kind: 'committed', commit: first, committedAt: '2026-01-01T01:00:00.000Z' };
    expect(Object.fromEntries(history)).toEqual({
      ...Object.fromEntries([...strange, 'old'].map((path) => [path, committed])),
      edited: { kind: 'modified' },
      ...Object.fromEntries(
        ['untracked', 'missing', 'dir', '', '/etc/passwd'].map((path) => [path, { kind: 'untracked' }]),
      ),
    });
  });

  test('equal sources have equal digests whatever their commits are called', async () => {
    const world = product.world();
    world.write('src/a', 'one\n');
    world.write('report.json', '1');
    const first = world.commit('one');
    world.write('report.json', '2');
    const second = world.commit('two');
    world.write('src/a', 'two\n');
    const third = world.commit('three');
    const source = world.source();

    const digest = (commit: string): Promise<string> => source.sourcesDigest(commit, ['report.json', 'no such file']);

    expect(await digest(first)).toMatch(/^[0-9a-f]{64}$/);
    expect(await digest(second)).toBe(await digest(first));
    expect(await digest(third)).not.toBe(await digest(first));
    expect(await source.sourcesDigest(second, [])).not.toBe(await source.sourcesDigest(first, []));
  });

  test('a digest does not depend on where the project lies in the repository', async () => {
    const world = product.world();
    world.write('a/x', 'one\n');
    world.write('b/deep/x', 'one\n');
    const commit = world.commit('one');

    const digests = [
      await world.source('a').sourcesDigest(commit, []),
      await world.source('b/deep').sourcesDigest(commit, []),
    ];

    expect(digests[0]).toBe(digests[1]);
  });

  test('a commit is named by its id or by seven or more of its first digits', () => {
    const source = product.outside();
    const commit = '0123456789abcdef0123456789abcdef01234567';

    const same = [commit, '0123456', '0123456789ABCDEF'].map((name) => source.sameCommit(name, commit));
    const other = ['', '012345', '1234567', `${commit}0`, '012345g', 'v1.0.0'].map((name) =>
      source.sameCommit(name, commit),
    );

    expect(same).toEqual([true, true, true]);
    expect(other).toEqual([false, false, false, false, false, false]);
  });
});
