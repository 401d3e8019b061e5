/**
 * Places where two values of JSON differ, in the order of the first, at most `most`: `gates.passed`, `evidence[reports/a.xml].takenAt`.
 * A place that only one of them has is one as well.
 */
export function differences(one: unknown, other: unknown, most = 5): readonly string[] {
  const found: string[] = [];
  look(one, other, '', found, most);
  return found;
}

function look(one: unknown, other: unknown, place: string, found: string[], most: number): void {
  if (found.length >= most || Object.is(one, other)) return;
  if (!isObject(one) || !isObject(other) || Array.isArray(one) !== Array.isArray(other)) {
    found.push(place);
    return;
  }
  const [left, right] = [membersOf(one), membersOf(other)];
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const [a, b] = [left.get(key), right.get(key)];
    const name = Array.isArray(one) ? `[${key}]` : `${place === '' ? '' : '.'}${key}`;
    look(a, b, place + name, found, most);
  }
}

/** Members by name; those of an array by what they call themselves, if all of them do and no two are called the same. */
function membersOf(value: object): ReadonlyMap<string, unknown> {
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const names = value.map((each: unknown) => nameOf(each));
  const areNames = names.every((name) => name !== null) && new Set(names).size === names.length;
  return new Map(value.map((each: unknown, index) => [areNames ? names[index]! : String(index), each]));
}

function nameOf(value: unknown): string | null {
  if (!isObject(value)) return null;
  for (const key of ['path', 'gate', 'id', 'name', 'key']) {
    const name: unknown = Reflect.get(value, key);
    if (typeof name === 'string') return name.slice(0, 200);
  }
  return null;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
