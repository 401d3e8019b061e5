const longest = 500;

/** An address that a scanner looked at, without the name and password that it may carry; undefined if there is none. */
export function addressOf(text: string | null | undefined): string | undefined {
  const address = text?.trim().slice(0, longest) ?? '';
  return address.replace(/^([a-z][a-z0-9+.-]{0,20}:\/\/)[^/?#\s]{0,400}@/i, '$1') || undefined;
}
