import { execFileSync } from 'node:child_process';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { archiveEnd, entryHead, padding, TarError, tarEntries } from './tar.ts';

type File = readonly [name: string, content: Uint8Array];

const name = fc
  .array(fc.oneof(fc.stringMatching(/^[a-z]{1,12}$/), fc.constantFrom('ü', '漢字', '🎈 x', 'a'.repeat(90))), {
    minLength: 1,
    maxLength: 9,
  })
  .map((parts) => parts.join('/'));
const files: fc.Arbitrary<readonly File[]> = fc.uniqueArray(fc.tuple(name, fc.uint8Array({ maxLength: 1500 })), {
  maxLength: 6,
  selector: ([of]) => of,
});

function archive(all: readonly File[]): Buffer {
  const blocks = all.flatMap(([of, content]) => [entryHead(of, content.length), content, padding(content.length)]);
  return Buffer.concat([...blocks, archiveEnd]);
}

async function readBack(chunks: readonly Uint8Array[]): Promise<readonly File[]> {
  const found: File[] = [];
  for await (const { name: of, content } of tarEntries(Readable.from(chunks))) {
    const pieces: Uint8Array[] = [];
    for await (const piece of content()) pieces.push(Uint8Array.from(piece));
    found.push([of, Uint8Array.from(Buffer.concat(pieces))]);
  }
  return found;
}

test('what is written is read, however the bytes arrive', async () => {
  await fc.assert(
    fc.asyncProperty(files, fc.integer({ min: 1, max: 3000 }), async (all, step) => {
      const bytes = archive(all);
      const chunks = Array.from({ length: Math.ceil(bytes.length / step) }, (_, at) =>
        bytes.subarray(at * step, (at + 1) * step),
      );

      expect(await readBack(chunks)).toEqual(all);
    }),
    { numRuns: 200 },
  );
});

test('the tar program reads the same names and contents', () => {
  fc.assert(
    fc.property(files, (all) => {
      const input = archive(all);
      const env = { ...process.env, LC_ALL: 'C.UTF-8' };
      const names = execFileSync('tar', ['tf', '-', '--quoting-style=literal'], { input, env, encoding: 'utf8' });
      const contents = execFileSync('tar', ['xOf', '-'], { input, env });

      expect(names.split('\n').slice(0, -1)).toEqual(all.map(([of]) => of));
      expect(contents).toEqual(Buffer.concat(all.map(([, content]) => content)));
    }),
    { numRuns: 20 },
  );
});

test('every other byte of a header is refused', async () => {
  const bytes = archive([['evidence/reports/junit.xml', Buffer.from('<a/>')]]);
  for (let at = 0; at < 512; at += 1) {
    const copy = Buffer.from(bytes);
    copy[at]! ^= 1;

    await expect(readBack([copy])).rejects.toThrow(TarError);
  }
});

test('a size that no header can say is refused', () => {
  expect(() => entryHead('a', 8 * 1024 ** 3)).toThrow(TarError);
  expect(entryHead('a', 8 * 1024 ** 3 - 1)).toHaveLength(512);
});
