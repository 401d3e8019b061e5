import { readReport, type Outcome } from '../../src/adapters/files/read-report.ts';
import type { OpenFile } from '../../src/adapters/files/open-evidence.ts';
import { AqeError } from '../../src/core/error/aqe-error.ts';
import type { SignalReader } from '../../src/ports/signal-reader.ts';
import { canary } from './foreign.ts';
import type { FuzzInput } from './inputs.ts';
import { wrongIn } from './invariants.ts';

export interface Examined {
  /** `read`, or the code of the refusal; null if the outcome is neither. */
  readonly outcome: string | null;
  /** Why the outcome is a bug; null if it is none. */
  readonly problem: string | null;
  /** Processor time of this thread. */
  readonly milliseconds: number;
}

/** No input below a megabyte may take longer, one above it no longer for a megabyte: many times what the slowest takes. */
const millisecondsForMegabyte = 2000;
const detailLimit = 300;

/** Words of the files that entities and paths of damaged reports lead to. */
const foreignTexts = ['root:x:0:0', canary] as const;

/** Puts bytes through the way that every report takes, and judges what comes out. */
export async function examine(readers: readonly SignalReader[], reader: string, input: FuzzInput): Promise<Examined> {
  const polluted = pollution();
  const start = process.threadCpuUsage();
  const result = await outcomeOf(readers, reader, input);
  const { user, system } = process.threadCpuUsage(start);
  const milliseconds = (user + system) / 1000;
  const outcome = result instanceof Error ? null : result.outcome === 'read' ? 'read' : result.error.code;
  const wrong = polluted ?? pollution() ?? judge(readers, result, input);
  const allowed = millisecondsForMegabyte * Math.max(1, input.bytes.length / 2 ** 20);
  const slow = milliseconds > allowed ? `it took ${Math.round(milliseconds)} ms of processor time` : null;
  return { outcome, problem: wrong ?? slow, milliseconds };
}

async function outcomeOf(readers: readonly SignalReader[], reader: string, input: FuzzInput): Promise<Outcome | Error> {
  try {
    return await readReport(openFile(input), readers, input.forced ? { format: reader } : {});
  } catch (error) {
    return error instanceof Error ? error : new Error(`something is thrown that is no error: ${String(error)}`);
  }
}

export function openFile({ path, bytes, chunk }: FuzzInput): OpenFile {
  return {
    path,
    bytes: bytes.length,
    modifiedAt: '2026-01-01T00:00:00.000Z',
    async *chunks() {
      // A buffer that is used again, as one for a real file is.
      const buffer = new Uint8Array(chunk);
      for (let at = 0; at < bytes.length; at += chunk) {
        const piece = bytes.subarray(at, at + chunk);
        buffer.set(piece);
        yield buffer.subarray(0, piece.length);
      }
    },
    close: async () => undefined,
  };
}

function judge(readers: readonly SignalReader[], result: Outcome | Error, { bytes }: FuzzInput): string | null {
  // A report may tell of such a file itself.
  const foreign = foreignTexts.filter((text) => !Buffer.from(bytes).includes(text.slice(0, 5)));
  if (result instanceof AqeError) return `the refusal is thrown: ${result.code} ${result.detail.slice(0, 80)}`;
  if (result instanceof Error) return (result.stack ?? result.message).split('\n').slice(0, 4).join('\n');
  if (result.outcome === 'refused') {
    const { code, detail } = result.error;
    if (!/^AQE2\d{3}$/.test(code)) return `the code is ${code}`;
    if (detail === '' || detail.length >= detailLimit)
      return `the detail of ${code} has ${detail.length} characters: ${detail.slice(0, 60)}`;
    const { cause } = result.error;
    if (code === 'AQE2005' && cause instanceof RangeError && !/call stack|string length/i.test(cause.message))
      return `a bug is taken for a limit: ${cause.stack?.split('\n').slice(0, 4).join('\n')}`;
    return foreign.some((text) => detail.includes(text)) ? 'the refusal quotes a foreign file' : null;
  }
  const { reading, format } = result;
  const wrong = wrongIn(reading);
  if (wrong !== null) return `${format}: ${wrong}`;
  const gives = readers.find(({ id }) => id === format)!.gives;
  const unsaid = reading.facts.find(({ kind }) => !gives.includes(kind));
  if (unsaid) return `${format} gives ${unsaid.kind}, and says that it does not`;
  return holds(reading, foreign) ? `${format}: the reading quotes a foreign file` : null;
}

function holds(value: unknown, texts: readonly string[]): boolean {
  if (typeof value === 'string') return texts.some((text) => value.includes(text));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
  return Object.values(value).some((one) => holds(one, texts));
}

const intrinsics = [Object, Array, Function, String, Number, RegExp, Map, Set, Error, Promise, Uint8Array];
const holders: readonly object[] = [...intrinsics, ...intrinsics.map((known) => known.prototype as object)];

interface Snapshot {
  readonly holder: object;
  readonly keys: readonly PropertyKey[];
  readonly descriptors: readonly (PropertyDescriptor | undefined)[];
}

function snapshot(holder: object): Snapshot {
  const keys = Reflect.ownKeys(holder);
  return { holder, keys, descriptors: keys.map((key) => Reflect.getOwnPropertyDescriptor(holder, key)) };
}

const untouched = holders.map(snapshot);
const countOfKeys = (): number => holders.reduce((sum, holder) => sum + Reflect.ownKeys(holder).length, 0);
const keysAtStart = countOfKeys();

/** A quick look, for every input: whether an object that all share has more or fewer properties than at the start. */
function pollution(): string | null {
  return countOfKeys() === keysAtStart ? null : (tampering() ?? 'a shared object was changed');
}

/** A thorough look: which of the objects that all share is not what it was. */
export function tampering(): string | null {
  for (const { holder, keys, descriptors } of untouched) {
    const name = typeof holder === 'function' ? holder.name : `${holder.constructor.name}.prototype`;
    const now = snapshot(holder);
    const added = now.keys.find((key) => !keys.includes(key));
    if (added !== undefined) return `${name} has got ${String(added)}`;
    for (const [index, key] of keys.entries()) {
      const was = descriptors[index]!;
      const is = Reflect.getOwnPropertyDescriptor(holder, key);
      if (!Object.is(is?.value, was.value) || is?.get !== was.get || is?.set !== was.set)
        return `${name}.${String(key)} was changed`;
    }
  }
  return null;
}
