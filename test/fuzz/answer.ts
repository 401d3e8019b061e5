// Answers questions of fuzz-process.ts, one after the other.
import { writeSync } from 'node:fs';
import { progressHandle, type Answer, type Question } from './fuzz-process.ts';
import { reduced, run } from './run.ts';

const buffer = Buffer.alloc(8);

function started(number: number): void {
  buffer.writeDoubleLE(number);
  writeSync(progressHandle, buffer, 0, buffer.length, 0);
}

async function answerTo(question: Question): Promise<Answer> {
  if (question.ask === 'run') {
    const result = await run(question, started);
    return { result, peakMegabytes: process.resourceUsage().maxRSS / 1024 };
  }
  const { seed, reader, number } = question;
  return { bytes: Buffer.from(await reduced(seed, reader, number)).toString('base64') };
}

process.on('message', (question: Question) => {
  void answerTo(question).then(
    (answer) => process.send!(answer),
    (error: unknown) => process.send!({ bug: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
