import { AqeError } from '../../core/error/aqe-error.ts';
import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { IssueList, lineFrom } from './shared/issue-list.ts';
import { severityIn } from './shared/severity.ts';
import { xmlSession, xmlStart, type XmlElement, type XmlHandler } from './shared/xml.ts';

const severityTable: SeverityTable = {
  words: {
    fatal: 'critical',
    critical: 'critical',
    error: 'high',
    high: 'high',
    warning: 'medium',
    medium: 'medium',
    low: 'low',
    info: 'info',
  },
  note: 'A file that could not be parsed is critical whatever its word; `ignore` is counted as suppressed. Checkstyle itself writes error, warning and info; other writers pass on the words of theirs.',
};

/** Checkstyle XML, which linters of many languages write. An exception inside of it is a failed run. */
export const checkstyle: SignalReader = {
  id: 'checkstyle',
  title: 'Checkstyle XML',
  gives: ['code-issues'],
  names: ['checkstyle*.xml', '*checkstyle.xml'],
  countingUnit: 'One <error> element that is not of severity `ignore`.',
  severities: severityTable,
  detects: ({ text }) => xmlStart(text)?.root === 'checkstyle',
  open: (file) => xmlSession(file, handlerFor(file.path)),
};

/** Beginnings of the `source` attribute by which writers give themselves away. */
const writers: readonly (readonly [RegExp, string])[] = [
  [/^com\.puppycrawl\.tools\.checkstyle\./, 'checkstyle'],
  [/^eslint\./, 'eslint'],
  [/^stylelint\./, 'stylelint'],
  [/^ShellCheck\./, 'shellcheck'],
  [/^detekt\./, 'detekt'],
  [/^org\.scalastyle\./, 'scalastyle'],
  [/^failure\.tslint\./, 'tslint'],
  [/^DL\d{4}$/, 'hadolint'],
];

function handlerFor(path: string): XmlHandler {
  const issues = new IssueList();
  const files = new Set<string>();
  let version: string | undefined;
  let writer: string | undefined;
  let file = '';
  let errorsInFile = 0;
  /** Whether clean files are listed as well: then the list says what was checked. */
  let listsClean = false;
  let text = '';

  const takeError = ({ attributes }: XmlElement): void => {
    errorsInFile += 1;
    const { severity, message, source = '' } = attributes;
    writer ??= writers.find(([pattern]) => pattern.test(source))?.[1];
    const issue = { rule: ruleOf(source), message, path: file, line: lineFrom(attributes['line']) };
    if (severity?.trim().toLowerCase() === 'ignore') issues.addSuppressed();
    else if (isUnparsed(source, message ?? ''))
      // Behind the first line stands a stack trace.
      issues.addNotAnalysed({ ...issue, message: message?.split('\n', 1)[0] });
    else issues.add({ ...issue, severity: severityIn(severityTable, severity) });
  };
  const refuseException = (): never => {
    throw new AqeError('AQE2006', `the tool threw an exception${file ? ` at ${file}` : ''}`, { path });
  };

  return {
    roots: ['checkstyle'],
    open(element, depth) {
      const { name, attributes } = element;
      text = '';
      if (depth === 1) version = attributes['version'];
      else if (name === 'file') {
        file = attributes['name'] ?? '';
        files.add(file);
        errorsInFile = 0;
      } else if (name === 'error') takeError(element);
      else if (name === 'exception') refuseException();
    },
    close(name) {
      if (name === 'file') {
        if (errorsInFile === 0) listsClean = true;
        file = '';
      }
      text = '';
    },
    // Checkstyle escapes the tags of its <exception> elements, so that they arrive as text.
    text(piece) {
      text = (text + piece).trimStart().slice(0, 16);
      if (text.startsWith('<exception>')) refuseException();
    },
    finish: () => ({
      producer: {
        name: writer ?? 'checkstyle',
        // Other writers state the version of the format there, or what they take for it.
        ...(writer === 'checkstyle' && version ? { version } : {}),
      },
      facts: [issues.fact(listsClean ? files.size : null)],
      notices: issues.notices(),
    }),
  };
}

/** The name by which users of the writer know the rule: of a class name its last part, without `Check`. */
function ruleOf(source: string): string {
  const own = /^(?:com\.puppycrawl\.tools\.checkstyle|org\.scalastyle)\.(?:.*\.)?(\w+)$/.exec(source)?.[1];
  if (own) return own.replace(/(.)Check(?:er)?$/, '$1');
  return source.replace(/^(?:eslint\.rules|stylelint\.rules|ShellCheck|detekt|failure\.tslint)\./, '');
}

/** Whether an <error> says that the rest of the file was not checked. */
function isUnparsed(source: string, message: string): boolean {
  return (
    source === 'com.puppycrawl.tools.checkstyle.Checker' ||
    source === 'com.puppycrawl.tools.checkstyle.TreeWalker' ||
    source === 'Internal.Exception' ||
    source === 'Internal.Tokenizer.Exception' ||
    source === 'ShellCheck.SC1072' ||
    source === 'DL1000' ||
    source === 'typecheck' ||
    source.endsWith('CssSyntaxError') ||
    (source === '' && /^(?:Fatal: )?Parsing error/.test(message))
  );
}
