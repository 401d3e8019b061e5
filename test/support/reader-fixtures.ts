import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Reading } from '../../src/core/evidence/reading.ts';
import type { ByteSession, SignalReader } from '../../src/ports/signal-reader.ts';
import { AqeError } from '../../src/core/error/aqe-error.ts';

export const fixtureRoot = join(import.meta.dirname, '../fixtures/signals');

export interface Fixture {
  readonly name: string;
  /** Path as discovery would show it. */
  readonly path: string;
  readonly text: string;
  readonly expectedFile: string;
}

/** The cases of one reader: folders with `input.*` (the report) and `expected.json` (its reading, or its refusal). */
export function fixturesOf(readerId: string): readonly Fixture[] {
  const folder = join(fixtureRoot, readerId);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => {
      const files = readdirSync(join(folder, entry.name));
      const input = files.find((name) => !['expected.json', 'SOURCE.md'].includes(name));
      if (!input) throw new Error(`${readerId}/${entry.name} has no input file`);
      return {
        name: entry.name,
        path: input,
        text: readFileSync(join(folder, entry.name, input), 'utf8'),
        expectedFile: join(folder, entry.name, 'expected.json'),
      };
    });
}

/** The same through the bytes of a session that takes them; undefined for others, and for text that is not ASCII. */
export function readBytes(
  reader: SignalReader,
  path: string,
  text: string,
  size: number,
): ReturnType<typeof readAll> | undefined {
  const bytes = Buffer.from(text);
  if (bytes.length !== text.length) return undefined;
  return refusals(() => {
    const session = reader.open({ path });
    if (!('pushBytes' in session)) return undefined;
    for (let at = 0; at < bytes.length; at += size) (session as ByteSession).pushBytes(bytes.subarray(at, at + size));
    return session.finish();
  });
}

/** Reads text through a reader in pieces of `size` characters; a coded refusal comes back as data. */
export function readAll(reader: SignalReader, path: string, text: string, size = text.length || 1): Reading | Refused {
  return refusals(() => {
    const session = reader.open({ path });
    for (let at = 0; at < text.length; at += size) session.push(text.slice(at, at + size));
    return session.finish();
  });
}

interface Refused {
  readonly refused: string;
  readonly detail: string;
}

function refusals<T>(work: () => T): T | Refused {
  try {
    return work();
  } catch (error) {
    if (error instanceof AqeError) return { refused: error.code, detail: error.detail };
    throw error;
  }
}

/** JSON text of a reading; bit sets are shown as line lists so that an expectation can be read. */
export function present(reading: unknown): string {
  const replace = (_: string, value: unknown): unknown => (value instanceof Uint8Array ? linesOf(value) : value);
  return `${JSON.stringify(reading, replace, 2)}\n`;
}

function linesOf(bits: Uint8Array): string {
  const lines: number[] = [];
  bits.forEach((byte, index) => {
    for (let bit = 0; bit < 8; bit += 1) if (byte & (1 << bit)) lines.push(index * 8 + bit);
  });
  return lines.join(' ');
}
