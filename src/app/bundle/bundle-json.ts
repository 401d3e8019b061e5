import { AqeError } from '../../core/error/aqe-error.ts';

/** Values within each other, and values in all. The largest bundle of a real project has some hundred thousand. */
const limits = { depth: 100, values: 5_000_000 };

/**
 * JSON of somebody unknown. What would take too much memory or depth is refused before it is parsed, and so are names that
 * mean more to the language than to us.
 * @throws AqeError AQE3050.
 */
export function parsedJson(text: string, name: string): unknown {
  refuseTooMuch(text, name);
  try {
    return JSON.parse(text, (key, value: unknown) => {
      if (key === '__proto__') throw new AqeError('AQE3050', `${name} has a member __proto__`);
      return value;
    });
  } catch (cause) {
    if (cause instanceof AqeError) throw cause;
    throw new AqeError('AQE3050', `${name} is not JSON`, {}, cause);
  }
}

function refuseTooMuch(text: string, name: string): void {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at];
    if (mark === '"') at = endOfString(text, at);
    else if (mark === '{' || mark === '[') {
      depth += 1;
      values += 1;
    } else if (mark === '}' || mark === ']') depth -= 1;
    else if (mark === ',') values += 1;
    if (depth > limits.depth || values > limits.values)
      throw new AqeError('AQE3050', `${name} holds more than the parts of a bundle do`);
  }
}

/** Where the quote stands that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; ;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return text.length;
    let escapes = 0;
    while (text[quote - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return quote;
    at = quote + 1;
  }
}

/** An object of any members. @throws AqeError AQE3050 for anything else. */
export function objectIn(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw new AqeError('AQE3050', `${name} is not what it should be`);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isTextOrNull(value: unknown): value is string | null {
  return value === null || isText(value);
}
