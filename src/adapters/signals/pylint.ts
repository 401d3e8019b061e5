import type { SeverityTable, SignalReader } from '../../ports/signal-reader.ts';
import { pylintJsonSession } from './pylint/json.ts';
import { messageOf, pylintTextSession, rating } from './pylint/text.ts';
import { byFirstCharacter } from './shared/by-first-character.ts';
import { jsonHead, objectOf } from './shared/json.ts';

const severityTable: SeverityTable = {
  words: {
    fatal: 'critical',
    error: 'high',
    warning: 'medium',
    refactor: 'low',
    convention: 'low',
    info: 'info',
  },
  note: 'Text reports state the first letter only. A module that does not parse is critical whatever its word.',
};

/** Pylint's `json`, `json2` and its text formats. Text lists messages and says how the code is rated. */
export const pylint: SignalReader = {
  id: 'pylint',
  title: 'Pylint JSON and text',
  gives: ['code-issues'],
  names: ['pylint*.json', '*pylint.json', 'pylint*.txt', '*pylint.txt', 'pylint*.log'],
  countingUnit: 'One message.',
  severities: severityTable,
  detects({ path, text }) {
    const first = /\S/.exec(text)?.[0];
    if (first === '[' || first === '{') {
      const value = jsonHead(text);
      if (Array.isArray(value) && value.length === 0)
        return /(^|\/)[^/]*pylint[^/]*\.json$/i.test(path) && /^\s*\[\s*\]\s*$/.test(text);
      const { messages, statistics } = objectOf(value);
      if (Array.isArray(messages) && messages.length === 0) return 'modulesLinted' in objectOf(statistics);
      const message = objectOf(Array.isArray(value) ? value[0] : Array.isArray(messages) ? messages[0] : undefined);
      return ['type', 'module', 'obj', 'path', 'symbol'].every((key) => typeof message[key] === 'string');
    }
    if (first === undefined || first === '<') return false;
    return text
      .split('\n', 200)
      .map((line) => line.trimEnd())
      .some((line) => rating.test(line) || line.startsWith('************* Module ') || messageOf(line)?.hasCode);
  },
  open: (file) =>
    byFirstCharacter(file, (first) =>
      first === '[' || first === '{' ? pylintJsonSession(file, severityTable) : pylintTextSession(file, severityTable),
    ),
};
