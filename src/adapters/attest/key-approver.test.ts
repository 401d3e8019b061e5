import { afterAll, expect, test } from 'vitest';
import { keyOf, pemOf, person, word } from '../../../test/support/approvals.ts';
import { removeTemporaryFolders, temporaryFolder } from '../../../test/support/git-repository.ts';
import { keyThatSigned } from '../../core/approval/word-signature.ts';
import { ed25519 } from './ed25519.ts';
import { keyApprover } from './key-approver.ts';

afterAll(removeTemporaryFolders);

const people = [person('ada'), person('bob')];
const identity = { osUser: () => 'os user ada' };

test('a key that the policy lists for one person makes that person, who signs words that hold', async () => {
  const { verified, doubt, strangeKey } = await keyApprover({ AQE_KEY: pemOf('bob') }, identity).speaker(people);

  const unsigned = { ...word({ from: 'bob', key: null }), identity: verified!.identity };
  const said = { ...unsigned, envelope: verified!.sign(unsigned) };
  expect({ person: verified?.person, doubt, strangeKey }).toEqual({
    person: 'bob@example.com',
    doubt: '',
    strangeKey: null,
  });
  expect(keyThatSigned(said, person('bob').keys, ed25519)).toBe(keyOf('bob').publicKey);
  expect(keyThatSigned(said, person('ada').keys, ed25519)).toBeNull();
});

test('without a key there is a claim only', async () => {
  const speaker = await keyApprover({ HOME: temporaryFolder() }, identity).speaker(people);

  expect(speaker).toEqual({
    claim: 'os user ada',
    verified: null,
    doubt: 'there is no key (`aqe keys init` makes one)',
    strangeKey: null,
  });
});

test.each([
  ['nobody', people, 'mallory'],
  ['several people', [...people, { ...person('cyd'), keys: person('ada').keys }], 'ada'],
] as const)('a key of %s verifies nobody', async (whose, known, name) => {
  const { verified, doubt, strangeKey } = await keyApprover({ AQE_KEY: pemOf(name) }, identity).speaker(known);

  expect({ verified, strangeKey }).toEqual({ verified: null, strangeKey: keyOf(name).keyId });
  expect(doubt).toContain(`is that of ${whose} in the policy`);
});
