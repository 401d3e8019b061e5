import { createHash, randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Identity } from '../../ports/identity.ts';

export const systemIdentity: Identity = {
  newId: () => randomUUID(),
  osUser() {
    try {
      return `os user ${userInfo().username}`;
    } catch {
      // A container may run under a user id that has no name.
      return `os user id ${process.getuid?.() ?? 'unknown'}`;
    }
  },
  sha256: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
};
