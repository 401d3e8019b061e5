import { signalReaders } from '../../src/adapters/signals/index.ts';
import type { SignalReader } from '../../src/ports/signal-reader.ts';
import { examine, tampering } from './examine.ts';
import { fuzzInput, type FuzzInput } from './inputs.ts';
import { plantedBugs } from './planted.ts';

export interface RunRequest {
  readonly seed: number;
  readonly reader: string;
  /** Number of the first input. */
  readonly from: number;
  readonly count: number;
}

export interface Failure {
  readonly reader: string;
  readonly fixture: string;
  readonly mutation: string;
  readonly seed: number;
  readonly number: number;
  readonly bytes: number;
  readonly problem: string;
}

export interface RunResult {
  readonly reader: string;
  readonly inputs: number;
  /** How many inputs ended as `read` or with each code. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** One for each kind of problem: the smallest input that shows it. */
  readonly failures: readonly Failure[];
  /** It stopped because an object that all readers share is no longer what it was. */
  readonly isTampered: boolean;
  readonly slowest: { readonly number: number; readonly milliseconds: number };
  /** Processor time of all inputs, in seconds. */
  readonly seconds: number;
}

/** Fewer kinds of problems than this are told apart. */
const failureLimit = 20;

/** Runs inputs through a reader; `started` is told the number of each before it begins. */
export async function run(
  { seed, reader, from, count }: RunRequest,
  started: (number: number) => void,
): Promise<RunResult> {
  const { readers, fixtures } = readersFor(reader);
  const outcomes: Record<string, number> = {};
  const failures = new Map<string, Failure>();
  let slowest = { number: from, milliseconds: 0 };
  let seconds = 0;
  let isTampered = false;
  let inputs = 0;
  for (let number = from; number < from + count && !isTampered; number += 1) {
    started(number);
    const input = fuzzInput(seed, fixtures, number);
    const { outcome, problem, milliseconds } = await examine(readers, reader, input);
    inputs += 1;
    seconds += milliseconds / 1000;
    if (milliseconds > slowest.milliseconds) slowest = { number, milliseconds };
    if (outcome !== null) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (problem === null) continue;
    keep(failures, failureOf(reader, seed, input, problem));
    isTampered = tampering() !== null;
  }
  const tampered = tampering();
  if (tampered !== null && !isTampered) {
    isTampered = true;
    const last = fuzzInput(seed, fixtures, from + count - 1);
    keep(failures, failureOf(reader, seed, last, `this input or one before: ${tampered}`));
  }
  return { reader, inputs, outcomes, failures: [...failures.values()], isTampered, slowest, seconds };
}

export function failureOf(reader: string, seed: number, input: FuzzInput, problem: string): Failure {
  const { fixture, mutation, number, bytes } = input;
  return { reader, fixture, mutation, seed, number, bytes: bytes.length, problem };
}

function keep(failures: Map<string, Failure>, failure: Failure): void {
  const kind = kindOf(failure.problem);
  const known = failures.get(kind);
  if (known ? failure.bytes < known.bytes : failures.size < failureLimit) failures.set(kind, failure);
}

/** Problems that differ in numbers and quotations only are one. */
function kindOf(problem: string): string {
  return problem.replace(/"[^"]*"?|-?\d[\d.e+-]*/g, '#').slice(0, 120);
}

/** All readers, and whose fixtures are damaged; a planted reader stands alone. */
export function readersFor(id: string): { readonly readers: readonly SignalReader[]; readonly fixtures: string } {
  const planted = Object.values(plantedBugs).find(({ reader }) => reader.id === id);
  if (planted) return { readers: [planted.reader], fixtures: planted.fixtures };
  return { readers: signalReaders, fixtures: id };
}

/** The input cut down as long as it shows the same kind of problem. */
export async function reduced(seed: number, reader: string, number: number): Promise<Uint8Array> {
  const { readers, fixtures } = readersFor(reader);
  const input = fuzzInput(seed, fixtures, number);
  const problemOf = async (bytes: Uint8Array): Promise<string | null> => {
    const chunk = Math.max(1, Math.min(input.chunk, bytes.length));
    const { problem } = await examine(readers, reader, { ...input, bytes, chunk });
    return problem === null ? null : kindOf(problem);
  };
  const wanted = await problemOf(input.bytes);
  let smallest = input.bytes;
  if (wanted === null) return smallest;
  let attempts = 3000;
  for (let size = Math.ceil(smallest.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < smallest.length && attempts > 0; attempts -= 1) {
      const shorter = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]);
      if (shorter.length > 0 && (await problemOf(shorter)) === wanted) smallest = shorter;
      else at += size;
    }
  }
  return smallest;
}
