import { AqeError } from '../../../core/error/aqe-error.ts';
import type { ReadingSession, SeverityTable } from '../../../ports/signal-reader.ts';
import { IssueList } from '../shared/issue-list.ts';
import { linesSession } from '../shared/lines.ts';
import { severityIn } from '../shared/severity.ts';
import { isNotAnalysed } from './not-analysed.ts';

export const rating = /^Your code has been rated at -?[\d.]+\/10/;

const words = new Map([
  ['F', 'fatal'],
  ['E', 'error'],
  ['W', 'warning'],
  ['R', 'refactor'],
  ['C', 'convention'],
  ['I', 'info'],
]);

interface TextMessage {
  readonly path?: string;
  readonly line: number;
  readonly letter: string | undefined;
  readonly id: string | undefined;
  readonly symbol: string | undefined;
  readonly text: string;
  /** Whether it has a full message code, which no other tool writes like that. */
  readonly hasCode: boolean;
}

/** `path:line:column: C0114: text (symbol)`, the default since 2.0. */
const plain = /^(.+?):(\d+):(?:\d+:)? ([CRWEFI]\d{4}): (.*)$/s;
/** `path:line: [C0114(symbol), object] text` (parseable) and `path(line): [C0114(symbol)object] text` (msvs). */
const bracketed = /^(.+?)(?::(\d+)|\((\d+)\)): \[([^\]]{0,300})\] ?(.*)$/s;
const inBrackets = /^(?:([A-Z])(\d{4})?(?=$|[(,]))?(?:\(([\w-]+)\))?/;
/** `C: 12, 0: text (symbol)` under the name of its module, the default before 2.0. */
const underModule = /^([CRWEFI]): *(\d+), *\d+: (.*)$/;

/** The message that a line states, in any of Pylint's formats; undefined for every other line. */
export function messageOf(line: string): TextMessage | undefined {
  const one = plain.exec(line);
  if (one) return { path: one[1]!, line: Number(one[2]), ...coded(one[3]!), ...withSymbol(one[4]!), hasCode: true };
  const two = bracketed.exec(line);
  if (two) {
    const [, letter, digits, symbol] = inBrackets.exec(two[4]!) ?? [];
    if (!letter && !symbol) return undefined;
    const id = letter && digits ? letter + digits : undefined;
    // Old versions put the name of the module between the path and the line.
    const path = two[1]!.replace(/(\.pyi?):[\w.]+$/, '$1');
    return { path, line: Number(two[2] ?? two[3]), letter, id, symbol, text: two[5]!, hasCode: id !== undefined };
  }
  const three = underModule.exec(line);
  if (!three) return undefined;
  return { line: Number(three[2]), letter: three[1], id: undefined, ...withSymbol(three[3]!), hasCode: false };
}

function coded(id: string): Pick<TextMessage, 'letter' | 'id'> {
  return { letter: id[0], id };
}

function withSymbol(text: string): Pick<TextMessage, 'text' | 'symbol'> {
  const end = / \(([a-z][a-z0-9-]*)\)$/.exec(text);
  return end ? { text: text.slice(0, end.index), symbol: end[1] } : { text, symbol: undefined };
}

/** Messages, and between them lines of code, reports and headers of modules, which are skipped. */
export function pylintTextSession(file: { readonly path: string }, severities: SeverityTable): ReadingSession {
  const issues = new IssueList();
  let isRated = false;
  let module: string | undefined;
  return linesSession(file, {
    line(given) {
      const line = given.trimEnd();
      if (rating.test(line)) isRated = true;
      if (line.startsWith('************* Module ')) module = line.slice(21);
      const message = messageOf(line);
      if (!message) return;
      const { path = module, id, symbol, letter, text } = message;
      const issue = { rule: symbol ?? id ?? letter, message: text, path, line: message.line };
      if (isNotAnalysed(id, symbol)) issues.addNotAnalysed(issue);
      else issues.add({ ...issue, severity: severityIn(severities, words.get(letter ?? '')) });
    },
    finish() {
      if (issues.total === 0 && !isRated)
        throw new AqeError('AQE2003', 'it has no message and no rating of Pylint', { path: file.path });
      return { producer: { name: 'pylint' }, facts: [issues.fact(null)], notices: issues.notices() };
    },
  });
}
