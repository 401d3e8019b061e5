import type { Person, Role } from '../policy/people.ts';

/** The people whom a policy knows: those it lists, and whoever has a role. Addresses compare without regard to case. */
export interface Directory {
  /** By id. */
  readonly people: readonly Person[];
  /** Whose address it is; null for nobody's and for one that several people have. */
  find(address: string): Person | null;
  /** Whether one of the addresses is theirs. */
  isOneOf(person: Person, addresses: readonly string[]): boolean;
  /** Whether the person has one of the roles; of no roles, anybody does. */
  hasOneOf(person: Person, roles: readonly string[]): boolean;
  /** Whether several people are said to have the key: then it tells nothing of who used it. */
  isShared(publicKey: string): boolean;
}

export function directoryOf({
  people,
  roles,
}: {
  readonly people: readonly Person[];
  readonly roles: readonly Role[];
}): Directory {
  const holders = new Map<string, Person | null>();
  const all: Person[] = [];
  const add = (person: Person): void => {
    all.push(person);
    for (const address of addressesOf(person)) holders.set(address, holders.has(address) ? null : person);
  };
  for (const person of people) add(person);
  for (const member of roles.flatMap((role) => role.people)) {
    const id = member.toLowerCase();
    if (!holders.has(id)) add({ id, name: null, aliases: [], keys: [] });
  }
  const find = (address: string): Person | null => holders.get(address.toLowerCase()) ?? null;
  const members = new Map(roles.map(({ name, people: of }) => [name, new Set(of.map((each) => find(each)))]));
  return {
    people: all.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    find,
    isOneOf(person, addresses) {
      const own = addressesOf(person);
      return addresses.some((address) => own.has(address.toLowerCase()));
    },
    hasOneOf: (person, wanted) => wanted.length === 0 || wanted.some((role) => members.get(role)?.has(person) === true),
    isShared: (publicKey) => all.filter(({ keys }) => keys.includes(publicKey)).length > 1,
  };
}

function addressesOf({ id, aliases }: Person): ReadonlySet<string> {
  return new Set([id, ...aliases].map((address) => address.toLowerCase()));
}
