import { redactDeep, type Redact } from '../core/secret/redact.ts';
import type { NewRecords } from '../ports/store.ts';

/**
 * Keeps secrets out of what is remembered. What is signed is left as it is, since a changed byte would break it: it has to be
 * free of secrets before it is signed.
 */
export function redactedRecords(records: NewRecords, redact: Redact): NewRecords {
  const { envelopes, approvals, ...others } = records;
  return {
    ...redactDeep(others, redact),
    ...(envelopes && { envelopes }),
    ...(approvals && {
      approvals: approvals.map((each) => (each.envelope === '' ? redactDeep(each, redact) : each)),
    }),
  };
}
