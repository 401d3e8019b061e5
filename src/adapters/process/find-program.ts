import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

const known = new Map<string, Promise<string | null>>();

/**
 * Full path of a program on `searchPath`, or null. Relative entries are skipped: a program must never come from the
 * project that is being looked at, which is what the search of Windows and an empty entry in PATH would allow.
 */
export function findProgram(name: string, searchPath: string): Promise<string | null> {
  const key = `${name}\0${searchPath}`;
  const found = known.get(key) ?? search(name, searchPath);
  known.set(key, found);
  return found;
}

async function search(name: string, searchPath: string): Promise<string | null> {
  const fileName = process.platform === 'win32' ? `${name}.exe` : name;
  for (const folder of searchPath.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const path = join(folder, fileName);
    if (await executable(path)) return path;
  }
  return null;
}

async function executable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
