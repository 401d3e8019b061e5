import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixtureRoot, fixturesOf } from '../support/reader-fixtures.ts';
import { heavyMutations } from './heavy-mutations.ts';
import { materialOf, type Material, type Mutation } from './material.ts';
import { mutations } from './mutations.ts';
import { randomFrom, type Random } from './random.ts';

/** One damaged report, and all that it takes to make it again. */
export interface FuzzInput {
  readonly number: number;
  /** `reader/case` of the report that was damaged. */
  readonly fixture: string;
  readonly mutation: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Whether the format is asked for; else the file is recognised by content and name. */
  readonly forced: boolean;
  /** Bytes that are given at once. */
  readonly chunk: number;
}

interface Base {
  readonly name: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly isReadable: boolean;
  material?: Material;
}

/** Reports above this size take too long to be damaged thousands of times, as long as there are others. */
const baseLimit = 20 * 1024;
/** Share of inputs of about a megabyte. */
const heavyShare = 1 / 200;

const bases = new Map<string, readonly Base[]>();

function basesOf(reader: string): readonly Base[] {
  const known = bases.get(reader);
  if (known) return known;
  const all = fixturesOf(reader).map((fixture): Base => ({
    name: `${reader}/${fixture.name}`,
    path: fixture.path,
    bytes: readFileSync(join(fixtureRoot, reader, fixture.name, fixture.path)),
    isReadable: !/^\{\s*"refused"/.test(readFileSync(fixture.expectedFile, 'utf8')),
  }));
  const small = all.filter(({ bytes }) => bytes.length > 0 && bytes.length < baseLimit);
  const chosen = small.some(({ isReadable }) => isReadable)
    ? small
    : all.toSorted((one, other) => one.bytes.length - other.bytes.length).slice(0, small.length + 1);
  bases.set(reader, chosen);
  return chosen;
}

const folders = readdirSync(fixtureRoot);

/** Chunks of one report; a disk gives big ones, and never thousands for a megabyte. */
const mostChunks = 64;

/** Reports of each format that are cut at every percent, before chance has its say. */
const cutReports = 4;
const steps = 100;

/** The input of that number: the same for the same seed, reader, number and fixtures. */
export function fuzzInput(seed: number, reader: string, number: number): FuzzInput {
  const all = basesOf(reader);
  if (all.length === 0) throw new Error(`${reader} has no fixtures`);
  const readable = all.filter(({ isReadable }) => isReadable);
  const toCut = (readable.length > 0 ? readable : all).slice(0, cutReports);
  const random = randomFrom(`${seed}/${reader}/${number}`);
  const forced = random.chance(0.7);
  const cut = toCut[Math.floor(number / steps)];
  if (cut) {
    const percent = number % steps;
    const bytes = cut.bytes.subarray(0, Math.floor((cut.bytes.length * percent) / steps));
    const chunk = Math.max(1, bytes.length);
    return { number, fixture: cut.name, mutation: `cut at ${percent} %`, path: cut.path, bytes, forced, chunk };
  }
  const base = random.pick(readable.length > 0 && random.chance(0.85) ? readable : all);
  base.material ??= materialOf(base.bytes, new Uint8Array());
  const { names, bytes } = mutate({ ...materialWithOther(base.material, random) }, random);
  const path = random.chance(0.95) ? base.path : random.pick(['report.bin', 'x.xml', 'report.json', 'a b.csv', 'x']);
  // What follows the first chunk reaches a session another way; only a forced one may begin with a short one.
  const chunk = Math.max(
    1,
    forced && random.chance(0.4) ? Math.ceil(bytes.length / (1 + random.below(mostChunks))) : bytes.length,
  );
  return { number, fixture: base.name, mutation: names.join(' + '), path, bytes, forced, chunk };
}

function materialWithOther(material: Material, random: Random): Material {
  const own = { bytes: material.bytes, text: material.text, structure: material.structure };
  const others = basesOf(random.pick(folders));
  return { ...own, other: others.length > 0 ? random.pick(others).bytes : material.bytes };
}

const light: readonly (readonly [string, Mutation])[] = Object.entries(mutations);
const heavy: readonly (readonly [string, Mutation])[] = Object.entries(heavyMutations);

function mutate(material: Material, random: Random): { readonly names: readonly string[]; readonly bytes: Uint8Array } {
  if (random.chance(heavyShare)) {
    const [name, bytes] = firstThatFits(heavy, material, random);
    return { names: [name], bytes };
  }
  const names: string[] = [];
  let current = material;
  for (let times = random.pick([1, 1, 1, 1, 2, 2, 3]); times > 0; times -= 1) {
    const [name, bytes] = firstThatFits(light, current, random);
    names.push(name);
    if (times === 1 || bytes.length === 0) return { names, bytes };
    current = materialOf(bytes, material.other);
  }
  return { names, bytes: current.bytes };
}

function firstThatFits(
  from: readonly (readonly [string, Mutation])[],
  material: Material,
  random: Random,
): readonly [string, Uint8Array] {
  for (;;) {
    const [name, mutation] = random.pick(from);
    const bytes = mutation(material, random);
    if (bytes !== null) return [name, bytes];
  }
}
