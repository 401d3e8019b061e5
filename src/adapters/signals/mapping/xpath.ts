/** Most steps of a path: the places a path has reached are the bits of one number. */
const maxSteps = 30;

/** A path that can be followed while the document is read: down only, with tests on attributes. */
export interface XPath {
  readonly steps: readonly Step[];
  readonly target: 'element' | 'text' | { readonly attribute: string };
}

export interface Step {
  /** `descendant`: any number of elements may lie between. */
  readonly axis: 'child' | 'descendant';
  /** Qualified name as it is written; null for any element. */
  readonly name: string | null;
  /** All of them have to hold. */
  readonly tests: readonly { readonly attribute: string; readonly is: '=' | '!=' | 'there'; readonly value: string }[];
}

const nameAt = /[\p{L}_][\p{L}\p{N}_.:-]*/uy;
const callAt = /[\w-]+(?:\(|::)/y;
const testAt = /\[\s*@([\p{L}_][\p{L}\p{N}_.:-]*)\s*(?:(!?=)\s*(?:'([^']*)'|"([^"]*)")\s*)?\]/uy;

/**
 * `/a/b/@c`, `//b`, `*`, `[@x]`, `[@x='y']`, `[@x!='y']`, and `text()` at the end.
 * @throws SyntaxError saying what is wrong, in words for whoever wrote the path.
 */
export function parseXPath(path: string): XPath {
  const text = path.trim();
  const steps: Step[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at += match[0].length;
    return match;
  };
  const refuse = (detail: string): never => {
    throw new SyntaxError(detail);
  };
  if (!text.startsWith('/')) refuse('a path starts with / or //');
  while (at < text.length) {
    const slashes = take(/\/\/?/y)?.[0];
    if (slashes === undefined) return refuse(unknownAt(text, at));
    const axis = slashes === '//' ? 'descendant' : 'child';
    const isAttribute = text[at] === '@';
    if (isAttribute || text.startsWith('text()', at)) {
      if (axis === 'descendant') steps.push({ axis, name: null, tests: [] });
      if (steps.length === 0) return refuse('a document itself has neither attributes nor text');
      at += isAttribute ? 1 : 'text()'.length;
      const attribute = isAttribute ? take(nameAt)?.[0] : '';
      if (attribute === undefined) return refuse(`the name of an attribute is expected behind ${text.slice(0, at)}`);
      if (at < text.length) refuse(`nothing may follow ${text.slice(0, at)}`);
      return checked({ steps, target: isAttribute ? { attribute } : 'text' });
    }
    callAt.lastIndex = at;
    if (callAt.test(text)) refuse(unknownAt(text, at));
    const name = take(/\*/y) ? null : take(nameAt)?.[0];
    if (name === undefined) return refuse(unknownAt(text, at));
    const tests: Step['tests'][number][] = [];
    for (let match = take(testAt); match; match = take(testAt)) {
      const [, attribute = '', is, single, double] = match;
      tests.push({ attribute, is: is === '=' || is === '!=' ? is : 'there', value: single ?? double ?? '' });
    }
    steps.push({ axis, name, tests });
  }
  return checked({ steps, target: 'element' });
}

function checked(path: XPath): XPath {
  if (path.steps.length > maxSteps) throw new SyntaxError(`it has more than ${maxSteps} steps`);
  return path;
}

function unknownAt(text: string, at: number): string {
  const rest = text.slice(at);
  if (rest === '') return 'it ends in a slash';
  if (rest.startsWith('[')) return `of conditions [@x], [@x='y'] and [@x!='y'] are known, not ${rest.slice(0, 30)}`;
  if (/^[\w-]+(?:\(|::)/.test(rest))
    return `functions and axes such as ${rest.slice(0, 30)} are not known, text() at the end is`;
  return `${rest.slice(0, 30)} is not understood`;
}
