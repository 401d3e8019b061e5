import { keyIdentity } from '../../core/approval/word.ts';
import { signWord } from '../../core/approval/word-signature.ts';
import type { Approver } from '../../ports/approver.ts';
import type { Identity } from '../../ports/identity.ts';
import { personalSigner, type Environment } from './key-files.ts';

/** Who the personal key says, if the policy lists it for exactly one person. */
export function keyApprover(env: Environment, identity: Pick<Identity, 'osUser'>): Approver {
  return {
    async speaker(people) {
      const claim = identity.osUser();
      const signer = await personalSigner(env);
      if (signer === null)
        return { claim, verified: null, doubt: 'there is no key (`aqe keys init` makes one)', strangeKey: null };
      const { keyId, publicKey } = signer;
      const [holder, ...others] = people.filter(({ keys }) => keys.includes(publicKey));
      if (holder === undefined || others.length > 0) {
        const whose = holder === undefined ? 'nobody' : 'several people';
        return {
          claim,
          verified: null,
          doubt: `the key ${keyId.slice(0, 16)}… is that of ${whose} in the policy`,
          strangeKey: keyId,
        };
      }
      const verified = {
        person: holder.id,
        identity: keyIdentity(keyId),
        keyId,
        sign: (word: Parameters<typeof signWord>[0]) => signWord(word, signer),
      };
      return { claim, verified, doubt: '', strangeKey: null };
    },
  };
}
