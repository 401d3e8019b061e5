import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { run, type RunOptions } from './run.ts';

const options: RunOptions = {
  cwd: tmpdir(),
  env: { PATH: dirname(process.execPath) },
  timeoutMs: 20_000,
  maxOutput: 1_000_000,
};

/** Runs a script in a Node.js of its own. */
function script(text: string, more: Partial<RunOptions> = {}, ...args: readonly string[]): ReturnType<typeof run> {
  return run('node', ['-e', text, '--', ...args], { ...options, ...more });
}

test('returns exit status and output, whatever they are', async () => {
  const result = await script('console.log("out"); console.error("err"); process.exitCode = 3');

  expect(result).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
});

test('passes arguments as they are and no environment of its own', async () => {
  const args = ['$(id)', ';id', "'", '"', '\n', '*', ''];

  const result = await script(
    'console.log(JSON.stringify([process.argv.slice(1), process.env.HOME ?? null]))',
    {},
    ...args,
  );

  expect(JSON.parse(result.stdout)).toEqual([args, null]);
});

test('writes the input', async () => {
  const result = await script('process.stdin.pipe(process.stdout)', { input: 'hällo' });

  expect(result.stdout).toBe('hällo');
});

test('an input that nobody reads is no failure', async () => {
  const result = await script('process.exit(0)', { input: 'x'.repeat(1_000_000) });

  expect(result.exitCode).toBe(0);
});

test('a program that does not exist is told apart', async () => {
  await expect(run('no-such-program', [], options)).rejects.toMatchObject({ reason: 'not-found' });
});

test('an argument that cannot be passed is refused', async () => {
  await expect(run('node', ['x\0y'], options)).rejects.toMatchObject({ reason: 'not-started' });
  await expect(run('node', ['x'.repeat(5_000_000)], options)).rejects.toMatchObject({ reason: 'not-started' });
});

test('a folder that does not exist is refused', async () => {
  await expect(run('node', [], { ...options, cwd: '/no/such/folder' })).rejects.toMatchObject({
    reason: 'not-started',
  });
});

test('a program that does not end is ended, also when its child holds the output open', async () => {
  const holdOpen = `require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 5000)'], { stdio: 'inherit' }); setInterval(() => {}, 1000)`;

  await expect(script(holdOpen, { timeoutMs: 300 })).rejects.toMatchObject({ reason: 'timeout' });
});

test('output beyond the limit ends the program', async () => {
  const endless = 'setInterval(() => process.stdout.write("x".repeat(100_000)), 1)';

  await expect(script(endless)).rejects.toMatchObject({ reason: 'too-much-output' });
});

test('a program that is killed from outside is a failure, not a status', async () => {
  await expect(script('process.kill(process.pid, "SIGKILL")')).rejects.toMatchObject({ reason: 'killed' });
});

test('output comes by record, cut at its length, with text that spans reads', async () => {
  const records: string[] = [];
  const text = 'process.stdout.write("é".repeat(200_000) + "\\0a\\n\\0\\0" + "z".repeat(50) + "\\0end")';

  await script(text, { maxOutput: 30, records: { separator: '\0', take: (record) => void records.push(record) } });

  expect(records).toEqual(['é'.repeat(30), 'a\n', '', 'z'.repeat(30), 'end']);
});

test('the program is ended when enough was seen', async () => {
  const records: string[] = [];
  const endless = 'setInterval(() => console.log(1), 1)';
  const take = (record: string): boolean => records.push(record) < 3;

  const result = await script(endless, { records: { separator: '\n', take } });

  expect(records).toEqual(['1', '1', '1']);
  expect(result.exitCode).toBe(0);
});

test('what the reader of records throws is thrown on', async () => {
  const take = (): boolean => {
    throw new Error('unreadable');
  };

  await expect(script('setInterval(() => console.log(1), 1)', { records: { separator: '\n', take } })).rejects.toThrow(
    'unreadable',
  );
  await expect(script('process.stdout.write("1")', { records: { separator: '\n', take } })).rejects.toThrow(
    'unreadable',
  );
});
