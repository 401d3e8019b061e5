import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../src/wiring/run.ts';

const block = /(<!-- output:assess-checkout -->\n\n```text\n)([\s\S]*?)(\n```\n\n<!-- \/output:assess-checkout -->)/;

/**
 * The README with what the first command really prints. Commit, ages and what depends on the hour differ with every run: where nothing else does,
 * the text stays as it is.
 */
export async function readmePage(root: string): Promise<string> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const [, , shown] = block.exec(readme) ?? [];
  if (shown === undefined) throw new Error('README.md has lost its output block');
  const printed = await firstCommand(root);
  return timeless(shown) === timeless(printed)
    ? readme
    : readme.replace(block, (_, start, __, end) => `${start}${printed}${end}`);
}

async function firstCommand(root: string): Promise<string> {
  let out = '';
  const argv = ['assess', '--version', 'v2.5.0', '--project', join(root, 'examples/checkout'), '--dry-run'];
  const io = {
    cwd: root,
    env: { PATH: process.env['PATH'] },
    isTTY: false,
    isErrTTY: false,
    columns: 80,
    out: (text: string) => void (out += text),
    err: () => undefined,
  };
  await run(argv, io, 'aqe deploy');
  return out.trimEnd();
}

function timeless(text: string): string {
  // Ages change the width of a line, and with it where it is broken.
  return (
    text
      .replace(/commit [0-9a-f]{9}/g, 'commit')
      .replace(/ \d+[smhd] old/g, ' old')
      .replace(/, work tree has other changes/g, '')
      .replace(/\s+/g, ' ')
      // These look at the hour and the day of the week.
      .replace(/the prior expects [\d.]+%( \(95% interval [\d.]+% to [\d.]+%\))?/g, 'the prior')
  );
}
