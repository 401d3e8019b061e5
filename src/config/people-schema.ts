import * as z from 'zod/mini';
import { requirementKinds } from '../core/policy/people.ts';
import { day, described, duration, email, name, sentence, text } from './basic-schema.ts';

const publicKey = z
  .string()
  .check(z.regex(/^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=$/, 'an Ed25519 public key as `aqe keys show` prints it'));

export const people = z
  .record(
    email,
    z.strictObject({
      name: z.optional(text),
      aliases: z.optional(z.array(email)).check(described('Other addresses, such as those in commits.')),
      key: z.optional(publicKey),
      keys: z.optional(z.array(publicKey)),
    }),
  )
  .check(
    z.refine(
      (each) => new Set(Object.keys(each).map((id) => id.toLowerCase())).size === Object.keys(each).length,
      'an address stands here twice; upper and lower case are the same',
    ),
    described('Who may be asked, by e-mail address, with the public keys that verify their word.'),
  );

const member = z
  .string()
  .check(
    z.regex(
      /^(group:[A-Za-z][A-Za-z0-9_-]{0,63}|[^\s@<>,;:"'\\]+@[^\s@<>,;:"'\\]+)$/,
      'an e-mail address or group:name',
    ),
  );
export const groups = z.record(name, z.array(email));
export const roles = z
  .record(text, z.array(member))
  .check(described('People and groups who have a role, such as "VP Engineering".'));

const requirement = z.strictObject({
  name: z.optional(text),
  when: z
    .enum(requirementKinds)
    .check(described('always; high-risk: the risk is or may be HIGH; policy-change: the release changes its policy.')),
  from: z.optional(z.array(text)).check(described('Roles; absent: anybody under people.')),
  count: z.optional(z.int().check(z.minimum(1), z.maximum(50))),
});

export const approvals = z.strictObject({
  required: z.optional(z.array(requirement)),
  allow_author: z.optional(z.boolean()).check(described('Let authors and requesters approve their own release.')),
  allow_unverified: z.optional(z.boolean()).check(described('Let a word count that no key verifies.')),
  expires_after: z.optional(duration),
  escalation: z.optional(z.array(z.strictObject({ after: duration, to: z.array(email) }))),
});

export const overrides = z.strictObject({
  enabled: z.optional(z.boolean()),
  requires_approval_from: z.optional(z.array(text)),
  min_approvals: z
    .optional(z.int().check(z.minimum(1), z.maximum(50)))
    .check(
      described('How many people with one of these roles have to agree; if absent every role, each by another person.'),
    ),
  override_justification_required: z.optional(z.boolean()),
  audit_log: z.optional(z.boolean()),
  max_duration: z.optional(duration),
});

export const emergency = z.strictObject({
  from: z.optional(z.array(text)).check(described('Roles that may approve in an emergency.')),
  count: z.optional(z.int().check(z.minimum(1), z.maximum(50))),
  review_within: z.optional(duration),
  expires_after: z.optional(duration),
});

export const waivers = z
  .array(
    z
      .strictObject({
        gate: z.optional(name),
        rule: z.optional(text).check(described('A criterion (min_line_coverage), or a rule of a scanner.')),
        finding: z.optional(text).check(described('An identifier such as CVE-2026-1234.')),
        package: z.optional(text),
        reason: sentence,
        approver: text,
        expires: day.check(described('Last day on which it holds, UTC.')),
      })
      .check(
        z.refine(
          (value) => [value.gate, value.rule, value.finding, value.package].some((scope) => scope !== undefined),
          'say what is waived: gate, rule, finding or package',
        ),
        z.refine(
          (value) => value.gate === undefined || (value.finding === undefined && value.package === undefined),
          'a finding or package is waived for all gates: leave the gate out',
        ),
      ),
  )
  .check(described('What the team lives with until a date; shown on every report until it is gone from here.'));

export const policyRules = z.strictObject({
  ref: z
    .optional(text)
    .check(described('Git revision that the policy is read from, such as origin/main; absent: the work tree.')),
  on_change: z
    .optional(z.enum(['approval', 'report']))
    .check(described('What a release that changes its own policy needs.')),
});

export const freezes = z
  .array(
    z
      .strictObject({
        name: text,
        environments: z.optional(z.array(name).check(z.minLength(1))),
        regions: z.optional(z.array(name).check(z.minLength(1))),
        zone: text.check(described('IANA time zone such as Europe/Berlin.')),
        start: localTime(),
        end: z.optional(localTime()),
        duration: z.optional(duration),
        rrule: z.optional(text).check(described('RFC 5545 recurrence such as FREQ=WEEKLY;BYDAY=FR.')),
        reason: z.optional(sentence),
      })
      .check(z.refine((value) => (value.end === undefined) !== (value.duration === undefined), 'say end or duration')),
  )
  .check(
    z.maxLength(100),
    z.refine((rules) => new Set(rules.map((rule) => rule.name)).size === rules.length, 'two freezes have one name'),
    described('Times in which nothing is released.'),
  );

function localTime() {
  return z
    .string()
    .check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/, 'write a local time such as 2026-12-20T18:00'));
}
