import { expect, test } from 'vitest';
import { patchReader } from './patch-reader.ts';

function read(patch: string): readonly string[] {
  const found: string[] = [];
  const reader = patchReader((path, { first, last }) => {
    found.push(`${path}:${first}-${last}`);
    return true;
  });
  for (const line of patch.split('\n').slice(0, -1)) reader.take(line);
  reader.end();
  return found;
}

const file = (name: string, hunks: string): string =>
  `diff --git a/x b/x\nindex 1111111..2222222 100644\n--- a/x\n+++ ${name}\n${hunks}`;

test('each hunk that brings lines says where they stand', () => {
  const found = read(file('b/src/a.ts', '@@ -2 +2,3 @@ function a() {\n-x\n+1\n+2\n+3\n@@ -9,2 +11,0 @@\n-x\n-y\n'));

  expect(found).toEqual(['src/a.ts:2-4']);
});

test('content that looks like a header is content', () => {
  const content = [
    '+++ b/other',
    '+@@ -1 +1 @@',
    '+diff --git a/y b/y',
    '+\\ No newline at end of file',
    '+Binary files a/x and b/x differ',
  ];

  const found = read(
    file('b/a', `@@ -1,2 +1,5 @@\n--- a/other\n-@@ -1 +1 @@\n${content.join('\n')}\n@@ -9 +12 @@\n--\n++\n`),
  );

  expect(found).toEqual(['a:1-5', 'a:12-12']);
});

test('a missing newline at the end is no line', () => {
  const found = read(
    file('b/a', '@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+y\n\\ No newline at end of file\n') +
      file('b/b', '@@ -0,0 +1 @@\n+z\n'),
  );

  expect(found).toEqual(['a:1-1', 'b:1-1']);
});

test.each([
  ['b/two words\t', 'two words'],
  ['b/b/ends in space \t', 'b/ends in space '],
  ['"b/tab\\there"', 'tab\there'],
  ['"b/tab\\t and space"\t', 'tab\t and space'],
  ['"b/new\\nline\\\\ \\"q\\" \\303\\274 \\001"\t', 'new\nline\\ "q" ü \u0001'],
  ['b//dev/null', '/dev/null'],
  ['"b/\\377"', '\uFFFD'],
])('the name %j is %j', (written, name) => {
  expect(read(file(written, '@@ -0,0 +1 @@\n+x\n'))).toEqual([`${name}:1-1`]);
});

test('deleted files, binary files, links and pure moves have no new lines', () => {
  const found = read(
    file('/dev/null', '@@ -1,2 +0,0 @@\n-+++ b/x\n-y\n') +
      'diff --git a/l b/l\nnew file mode 120000\nindex 0000000..1111111\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+target\n\\ No newline at end of file\n' +
      'diff --git a/m b/m\nindex 1111111..2222222 120000\n--- a/m\n+++ b/m\n@@ -1 +1 @@\n-old\n+new\n' +
      'diff --git a/p.png b/p.png\nindex 1111111..2222222 100644\nBinary files a/p.png and b/p.png differ\n' +
      'diff --git a/one b/two\nsimilarity index 100%\nrename from one\nrename to two\n' +
      'diff --git a/s b/s\nold mode 100644\nnew mode 100755\n' +
      file('b/last', '@@ -0,0 +1,2 @@\n+x\n+y\n'),
  );

  expect(found).toEqual(['last:1-2']);
});

test('nothing more is taken when enough was found', () => {
  const reader = patchReader(() => false);

  const answers = file('b/a', '@@ -0,0 +1 @@').split('\n').map(reader.take);

  expect(answers).toEqual([true, true, true, true, false]);
});

test.each([
  ['text before a header', 'hello\n'],
  ['a hunk before a name', 'diff --git a/x b/x\n@@ -0,0 +1 @@\n+x\n'],
  ['lines added to a deleted file', file('/dev/null', '@@ -0,0 +1 @@\n+x\n')],
  ['a line of context', file('b/a', '@@ -1,2 +1,2 @@\n x\n-y\n+z\n')],
  ['more removed lines than promised', file('b/a', '@@ -1 +1 @@\n-x\n-y\n+z\n')],
  ['an end within a hunk', file('b/a', '@@ -1 +1 @@\n-x\n')],
  ['another prefix', file('w/a', '')],
  ['an open quote', file('"b/a', '')],
  ['an unknown escape', file('"b/\\x41"', '')],
  ['a combined patch', 'diff --cc a\n'],
])('%s is refused', (_, patch) => {
  expect(() => read(patch)).toThrow(expect.objectContaining({ code: 'AQE2011' }));
});
