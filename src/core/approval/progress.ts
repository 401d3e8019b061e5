import type { Directory } from './directory.ts';
import { fillPlaces, type Voice } from './fill-places.ts';
import type { Agreement } from './sanctions.ts';
import { barredBy, type Standing, type StandingInput } from './standing.ts';

/** Something one person has to agree to: whoever has one of these roles; of none, anybody. */
export type Place = readonly string[];

export interface Progress {
  /** Everybody who agreed, oldest first. */
  readonly agreed: readonly Agreement[];
  readonly missing: number;
  readonly waitingFor: readonly string[];
  /** Those of `agreed` that fill the places. */
  readonly decisive: readonly Agreement[];
}

/** How far the places are filled by people who agreed, and who could fill the others. */
export function progressOf(
  standings: readonly Standing[],
  places: readonly Place[],
  input: Pick<StandingInput, 'policy' | 'authors' | 'requests' | 'decisionDigest'>,
  directory: Directory,
): Progress {
  const fits = (id: string, place: number): boolean => directory.hasOneOf(directory.find(id)!, places[place]!);
  const fill = (voices: readonly Voice[]) => fillPlaces(voices, places.length, fits);
  const lasting = standings.toSorted((a, b) => Date.parse(b.until) - Date.parse(a.until));
  const voices = lasting.map(voiceOf);
  const filled = fill(voices);
  const missing = places.length - filled.length;
  const agreed = standings
    .toSorted((a, b) => Date.parse(a.word.createdAt) - Date.parse(b.word.createdAt))
    .filter((each, index, all) => all.findLastIndex(({ person }) => person === each.person) === index)
    .map((each) => agreementOf(each, rolesOf(each.person.id)));
  const decisive = agreed.filter(({ person }) => filled.some((each) => each.person === person));
  return { agreed, missing, waitingFor: missing === 0 ? [] : candidates(), decisive };

  function rolesOf(person: string): string | null {
    const place = filled.find((each) => each.person === person)?.place;
    const asked = place === undefined ? places.flat() : places[place]!;
    return asked.find((role) => directory.hasOneOf(directory.find(person)!, [role])) ?? null;
  }

  function candidates(): readonly string[] {
    return directory.people
      .filter((person) => !standings.some((each) => each.person === person))
      .filter(({ keys }) => keys.length > 0 || input.policy.approvals.allowUnverified)
      .filter((person) => directory.find(person.id) === person && barredBy(person, '', input, directory) === null)
      .filter(({ id }) => fill([...voices, { voice: `key of ${id}`, person: id }]).length > filled.length)
      .map(({ id }) => id);
  }
}

function voiceOf({ word, person, isVerified }: Standing): Voice {
  return { voice: isVerified ? `key of ${person.id}` : word.identity, person: person.id };
}

function agreementOf({ word, person, until }: Standing, role: string | null): Agreement {
  const { id, identity, comment, createdAt } = word;
  return { id, person: person.id, role, identity, comment, at: createdAt, until };
}
