export const evidenceFolder = 'evidence/';

/** Names that Windows keeps for devices, with any ending. */
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Whether a name is one that a bundle may have: that of a text, or a path below `evidence/` with no way up and nothing that
 * some file system reads in another way.
 */
export function isEntryName(name: string): boolean {
  if (!name.isWellFormed() || Buffer.byteLength(name) > 1000) return false;
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\\\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffd:]/.test(name)) return false;
  if (!name.startsWith(evidenceFolder)) return /^[a-z]+(?:\.[a-z]+){1,3}$/.test(name);
  return name
    .split('/')
    .every((part) => part !== '' && Buffer.byteLength(part) <= 255 && !/[. ]$/.test(part) && !device.test(part));
}

/** Names that some file system takes for the same have the same key. */
export function collisionKey(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}
