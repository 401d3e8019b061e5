import * as z from 'zod/mini';
import type { Reading } from '../../core/evidence/reading.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { jsonHead, jsonSession, objectOf } from './shared/json.ts';
import { plainMessage } from './shared/plain-message.ts';
import { onFirstUse, text, wholeNumber } from './shared/schema.ts';
import { TestTally, type CountedTest } from './shared/test-tally.ts';

const schemas = onFirstUse(() => {
  const example = z.object({
    description: text,
    full_description: text,
    status: z.string(),
    file_path: text,
    run_time: z.nullish(z.number()),
    exception: z.nullish(z.object({ message: text, class: text })),
  });
  const report = z.object({
    version: text,
    messages: z.nullish(z.array(z.string())),
    examples: z.array(example),
    summary: z.object({
      example_count: z.optional(wholeNumber),
      failure_count: z.optional(wholeNumber),
      errors_outside_of_examples_count: z.nullish(wholeNumber),
    }),
  });
  return { example, report };
});

type Example = z.infer<ReturnType<typeof schemas>['example']>;
type Report = z.infer<ReturnType<typeof schemas>['report']>;

/** RSpec's JSON formatter. Errors outside of examples (a file that did not load, a context hook) are errored tests. */
export const rspecJson: SignalReader = {
  id: 'rspec-json',
  title: 'RSpec JSON',
  gives: ['tests'],
  names: ['rspec*.json'],
  countingUnit: 'One example; so does each error outside of examples. Pending examples are skipped.',
  detects({ text: start }) {
    const root = objectOf(jsonHead(start));
    const { examples, summary } = root;
    if (!Array.isArray(examples)) return false;
    const first = objectOf(examples[0]);
    return (
      typeof objectOf(summary)['example_count'] === 'number' ||
      (['full_description', 'status', 'line_number'].every((key) => key in first) &&
        typeof root['version'] === 'string')
    );
  },
  open: (file) => jsonSession(file, schemas().report, (report) => toReading(report, file.path)),
};

function toReading({ version, messages, examples, summary }: Report, path: string): Reading {
  const tally = new TestTally();
  for (const example of examples) {
    tally.add(counted(example));
    tally.addSeconds(example.run_time != null && example.run_time >= 0 ? example.run_time : null);
  }
  const notices = tally.reconcile(
    { tests: [summary.example_count ?? null], bad: summary.failure_count ?? null },
    { tests: examples.length, bad: tally.bad },
  );
  const outside = summary.errors_outside_of_examples_count ?? 0;
  if (outside > 0) {
    const message = messages?.map(plainMessage).find((each) => each?.startsWith('An error occurred'));
    tally.add({ name: ['(outside of examples)'], outcome: 'errored', message });
    tally.addCounts({ errored: outside - 1 });
  }
  return {
    producer: { name: 'rspec', ...(version ? { version } : {}) },
    facts: [tally.run(path)],
    notices,
  };
}

const outcomes = new Map<string, CountedTest['outcome']>([
  ['passed', 'passed'],
  ['failed', 'failed'],
  ['pending', 'skipped'],
]);

function counted(example: Example): CountedTest {
  const { full_description: full, description, status, file_path: file, exception } = example;
  const suite = description && full?.endsWith(` ${description}`) ? full.slice(0, -description.length - 1) : '';
  const outcome = outcomes.get(status);
  return {
    name: suite ? [suite, description!] : [full || description || ''],
    outcome: outcome ?? 'errored',
    message: plainMessage(exception?.message || exception?.class) ?? (outcome ? undefined : `status ${status}`),
    file: file ?? undefined,
  };
}
