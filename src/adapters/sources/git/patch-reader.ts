import type { LineRange } from '../../../core/evidence/changed-lines.ts';
import { unexpectedOutput } from './git-errors.ts';

/** Takes a patch line by line. */
export interface PatchReader {
  /** False when `found` has seen enough. @throws AqeError AQE2011 for what is no patch. */
  take(line: string): boolean;
  /** @throws AqeError AQE2011 if the patch ends within a hunk. */
  end(): void;
}

const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;
const link = /^(?:new file mode|new mode) 120000$|^index \S+ 120000$/;
const header = new RegExp(
  '^(?:--- |index |old mode |new mode |deleted file mode |new file mode |' +
    'similarity index |dissimilarity index |rename |copy |Binary files )',
);

/**
 * Reads a patch of git without context, whose prefixes are `a/` and `b/`: for each hunk that brings lines, the path at the new
 * side and where they stand. How many lines of content follow a hunk's header the header says, so that content which looks like
 * a header is content. The text that a symbolic link consists of is no line of a file.
 */
export function patchReader(found: (path: string, lines: LineRange) => boolean): PatchReader {
  /** Of the file whose hunks follow; null while it is not known, and for one that is deleted. */
  let path: string | null = null;
  let named = false;
  let isLink = false;
  let deleted = 0;
  let added = 0;
  const startHunk = ([, before = '1', first = '', after = '1']: RegExpExecArray): boolean => {
    [deleted, added] = [Number(before), Number(after)];
    const start = Number(first);
    if (!named || (path === null && added > 0)) throw unexpectedOutput('diff-tree');
    return path === null || isLink || added === 0 || found(path, { first: start, last: start + added - 1 });
  };
  const takeHeader = (line: string): void => {
    if (line.startsWith('diff --git ')) {
      path = null;
      named = isLink = false;
    } else if (line.startsWith('+++ ')) {
      path = targetOf(line.slice('+++ '.length));
      named = true;
    } else if (link.test(line)) isLink = true;
    else if (!header.test(line)) throw unexpectedOutput('diff-tree');
  };
  return {
    take(line) {
      // `\ No newline at end of file`, in a hunk or behind its last line.
      if (line.startsWith('\\')) return true;
      if (deleted > 0 || added > 0) {
        if (line.startsWith('-') && deleted > 0) deleted -= 1;
        else if (line.startsWith('+') && added > 0) added -= 1;
        else throw unexpectedOutput('diff-tree');
        return true;
      }
      const start = hunk.exec(line);
      if (start) return startHunk(start);
      takeHeader(line);
      return true;
    },
    end() {
      if (deleted > 0 || added > 0) throw unexpectedOutput('diff-tree');
    },
  };
}

/** The path behind `+++ `: null for `/dev/null`. Git puts a tab behind a name with a space, and quotes one with a tab. */
function targetOf(text: string): string | null {
  const name = unquoted(text.endsWith('\t') ? text.slice(0, -1) : text);
  if (name === '/dev/null') return null;
  if (!name.startsWith('b/')) throw unexpectedOutput('diff-tree');
  return name.slice('b/'.length);
}

const escapes: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };

/** A name between double quotes is bytes, those out of the ordinary as `\n`, `\"` or `\303`. */
function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  const body = /^"((?:[^"\\]|\\(?:[abtnvfr"\\]|[0-3][0-7]{2}))*)"$/.exec(text)?.[1];
  if (body === undefined) throw unexpectedOutput('diff-tree');
  const bytes = body.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    String.fromCharCode(escapes[code] ?? Number.parseInt(code, 8)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
