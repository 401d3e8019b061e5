import type { EvidenceMapping, MappedMetric } from '../../../core/policy/evidence-mapping.ts';
import { xmlSession, type XmlElement } from '../shared/xml.ts';
import { MappingPathError } from './path-error.ts';
import type { MappingSession } from './session.ts';
import { valuesOf, type Values } from './values.ts';
import { parseXPath, type Step, type XPath } from './xpath.ts';

/** Text of one element that is held: no number is longer. */
const maxText = 4096;

/** @throws MappingPathError */
export function xmlMapping({ metrics }: EvidenceMapping): MappingSession {
  const paths = metrics.map(({ at, zeroIf }, index) => ({
    at: parse(at, index, 'path'),
    zeroIf: zeroIf === null ? null : parse(zeroIf, index, 'zero_if'),
  }));
  return (file, toReading) => {
    const found = metrics.map((mapped, index) => {
      const values = valuesOf(mapped);
      const { at, zeroIf } = paths[index]!;
      const walkers = [
        valueWalker(at, mapped, values),
        ...(zeroIf ? [walker(zeroIf, (value) => void (value !== null && values.allowZero()))] : []),
      ];
      return { values, walkers };
    });
    const walkers = found.flatMap((each) => each.walkers);
    return xmlSession(file, {
      open: (element, depth) => walkers.forEach((each) => each.open(element, depth)),
      close: (_, depth) => walkers.forEach((each) => each.close(depth)),
      text: (piece) => walkers.forEach((each) => each.text(piece)),
      wantsText: () => walkers.some((each) => each.wantsText()),
      finish: () => toReading(found.map(({ values }) => values.outcome())),
    });
  };
}

function parse(path: string, index: number, key: 'path' | 'zero_if'): XPath {
  try {
    return parseXPath(path);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new MappingPathError(index, key, `it is no XPath that is read: ${cause.message}`, cause);
  }
}

interface Walker {
  open(element: XmlElement, depth: number): void;
  close(depth: number): void;
  text(piece: string): void;
  wantsText(): boolean;
}

/** Gives the values at a path to `values`, and says where one is lacking. */
function valueWalker(path: XPath, { at, aggregate }: MappedMetric, values: Values): Walker {
  const last = path.steps.at(-1)!;
  const ofParents = path.target === 'element' && last.axis === 'child' && last.name !== null && last.tests.length === 0;
  const ofAttribute = typeof path.target === 'object' && !(last.axis === 'descendant' && last.name === null);
  let lacking = 0;
  const made = walker(
    path,
    (value) => {
      if (value !== null) values.take(value, () => at);
      // A count counts the elements that have it.
      else if (ofAttribute && aggregate !== 'count') lacking += 1;
    },
    ofParents && aggregate !== 'count' ? () => void (lacking += 1) : undefined,
  );
  return {
    ...made,
    close(depth) {
      made.close(depth);
      if (depth === 1 && lacking > 0 && values.found() > 0)
        values.lack(`${lacking} of the elements that ${at} leads to have no such value`);
    },
  };
}

interface Capture {
  readonly depth: number;
  text: string;
}

/**
 * Follows one path through the document. `reached` is told each value: the text of an element, or an attribute, null where the
 * element does not have it. `lacks` is called for each element in which the last step finds nothing.
 */
function walker({ steps, target }: XPath, reached: (value: string | null) => void, lacks?: () => void): Walker {
  const final = 1 << (steps.length - 1);
  /** By depth: which steps an element one deeper may be. */
  const open: number[] = [1];
  /** Elements whose children may be the last step, and whether one was. */
  const parents: { readonly depth: number; served: boolean }[] = [];
  const captures: Capture[] = [];
  return {
    open(element, depth) {
      const before = open[depth - 1]!;
      let next = 0;
      let hit = false;
      for (let index = 0; index < steps.length; index += 1) {
        if ((before & (1 << index)) === 0) continue;
        const step = steps[index]!;
        if (step.axis === 'descendant') next |= 1 << index;
        if (!fits(step, element)) continue;
        if (index === steps.length - 1) hit = true;
        else next |= 1 << (index + 1);
      }
      open[depth] = next;
      const parent = parents.at(-1);
      if (hit && parent?.depth === depth - 1) parent.served = true;
      if (lacks && (next & final) !== 0) parents.push({ depth, served: false });
      if (!hit) return;
      if (typeof target === 'object') reached(element.attributes[target.attribute] ?? null);
      else captures.push({ depth, text: '' });
    },
    close(depth) {
      const parent = parents.at(-1);
      if (parent?.depth === depth) {
        parents.pop();
        if (!parent.served) lacks?.();
      }
      const capture = captures.at(-1);
      if (capture?.depth === depth) {
        captures.pop();
        reached(capture.text);
      }
      open.length = depth;
    },
    text(piece) {
      // `open` has one entry more than there are open elements.
      const depth = open.length - 1;
      for (const capture of captures)
        if ((target === 'element' || capture.depth === depth) && capture.text.length < maxText) capture.text += piece;
    },
    wantsText: () => captures.length > 0,
  };
}

function fits({ name, tests }: Step, element: XmlElement): boolean {
  if (name !== null && name !== element.name) return false;
  return tests.every(({ attribute, is, value }) => {
    const actual = element.attributes[attribute];
    if (is === 'there') return actual !== undefined;
    return actual !== undefined && (is === '=') === (actual === value);
  });
}
