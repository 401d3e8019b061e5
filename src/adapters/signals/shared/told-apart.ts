/**
 * Identifiers for tools that say less than they know: some give findings of several kinds at one place the same number.
 * The first kind keeps the identifier as it is, each other one has its title added; what repeats a title is the same finding.
 */
export function toldApart(): (id: string, place: string, title: string) => string {
  const first = new Map<string, string>();
  return (id, place, title) => {
    const key = JSON.stringify([id, place]);
    const known = first.get(key);
    if (known === undefined) first.set(key, title);
    return known === undefined || known === title ? id : `${id} (${title})`;
  };
}
