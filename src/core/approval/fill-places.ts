/** Somebody who speaks for a person. One voice speaks for one person at most, whatever it claims. */
export interface Voice {
  readonly voice: string;
  readonly person: string;
}

/** A voice, the person it speaks for, and the place that this person takes. */
export interface Filled extends Voice {
  readonly place: number;
}

/**
 * Fills as many places as can be filled: each by one person, each person in one place, each person by one voice. Of several
 * ways it prefers the voices that stand first. (A maximum flow of unit capacities from voices over people to places.)
 */
export function fillPlaces(
  voices: readonly Voice[],
  places: number,
  fits: (person: string, place: number) => boolean,
): readonly Filled[] {
  const people = [...new Set(voices.map(({ person }) => person))];
  /** What is left of each edge; pushing flow over one turns it round. */
  const edges = new Map<string, Set<string>>();
  const link = (from: string, to: string): void =>
    void (edges.get(from) ?? edges.set(from, new Set()).get(from)!).add(to);
  for (const { voice, person } of voices) link(`v:${voice}`, `in:${person}`);
  for (const person of people) {
    link(`in:${person}`, `out:${person}`);
    for (let place = 0; place < places; place += 1) if (fits(person, place)) link(`out:${person}`, `p:${place}`);
  }
  for (let place = 0; place < places; place += 1) link(`p:${place}`, 'end');

  const push = (from: string, seen: Set<string>): boolean => {
    if (from === 'end') return true;
    seen.add(from);
    for (const to of edges.get(from) ?? []) {
      if (seen.has(to) || !push(to, seen)) continue;
      edges.get(from)!.delete(to);
      link(to, from);
      return true;
    }
    return false;
  };
  for (const voice of new Set(voices.map((each) => each.voice))) push(`v:${voice}`, new Set());

  return [...(edges.get('end') ?? [])].flatMap((at) => {
    const out = onlyOf(edges, at, 'out:');
    const voice = onlyOf(edges, `in:${out}`, 'v:');
    return [{ voice, person: out, place: Number(at.slice('p:'.length)) }];
  });
}

/** The node behind the one turned edge that leads from here to a node of that kind. */
function onlyOf(edges: ReadonlyMap<string, ReadonlySet<string>>, from: string, kind: string): string {
  return [...(edges.get(from) ?? [])].find((to) => to.startsWith(kind))!.slice(kind.length);
}
