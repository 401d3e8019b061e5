/**
 * A value as plain JSON and back. Maps stay maps; a member that is undefined is left out.
 * @throws TypeError for what is no data: a function, a class instance, NaN.
 */
export function toPlain(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((each) => toPlain(each));
  if (value instanceof Map) return { '@map': [...value].map((pair) => toPlain(pair)) };
  if (!isObject(value)) throw new TypeError('an answer is no data');
  const members = Object.entries(value).filter(([, each]) => each !== undefined);
  // A name that begins like a mark of ours must not become one.
  return members.some(([key]) => key.startsWith('@'))
    ? { '@object': members.map((pair) => toPlain(pair)) }
    : Object.fromEntries(members.map(([key, each]) => [key, toPlain(each)]));
}

/** @throws TypeError for what `toPlain` does not give. */
export function fromPlain(plain: unknown): unknown {
  if (typeof plain !== 'object' || plain === null) return plain;
  if (Array.isArray(plain)) return plain.map((each) => fromPlain(each));
  const { '@map': map, '@object': object } = plain as Readonly<Record<string, unknown>>;
  if (map !== undefined) return new Map(pairsOf(map));
  if (object !== undefined) return Object.fromEntries(pairsOf(object).map(([key, each]) => [String(key), each]));
  return Object.fromEntries(Object.entries(plain).map(([key, each]) => [key, fromPlain(each)]));
}

function pairsOf(plain: unknown): (readonly [unknown, unknown])[] {
  if (!Array.isArray(plain)) throw new TypeError('an answer is no map');
  return plain.map((pair: unknown) => {
    if (!Array.isArray(pair) || pair.length !== 2) throw new TypeError('an answer is no map');
    return [fromPlain(pair[0]), fromPlain(pair[1])] as const;
  });
}

function isObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
