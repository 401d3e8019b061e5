import { ownText } from '../shared/own-text.ts';
import { lineFrom } from '../shared/issue-list.ts';
import type { XmlElement } from '../shared/xml.ts';

type Attributes = XmlElement['attributes'];

interface Place {
  readonly path?: string;
  readonly line?: number;
}

const messageLimit = 500;
const notProblems = new Set(['NOT_A_BUG', 'BAD_ANALYSIS', 'OBSOLETE_CODE']);

/** Where a place was named, nearest to the bug first. */
const nearness = ['BugInstance', 'Method', 'Field', 'Class'] as const;
type Holder = (typeof nearness)[number];

/** One <BugInstance> while its elements come in. */
export class Bug {
  readonly type: string;
  readonly priority: string | undefined;
  readonly category: string | undefined;
  /** Why it is no open finding; undefined if it is one. */
  dismissed: string | undefined;
  readonly #places = new Map<Holder, Place>();
  readonly #open: { readonly name: string; readonly attributes: Attributes }[] = [];
  readonly #texts = new Map<string, string>();
  readonly #stated: Attributes;
  #isPrimary = false;

  constructor(attributes: Attributes, className: string | undefined) {
    this.#stated = attributes;
    this.type = ownText(attributes['type'] ?? 'no-type');
    this.priority = attributes['priority'];
    this.category = attributes['category'];
    if (attributes['last'] !== undefined) this.dismissed = 'no longer in the code';
    if (attributes['notAProblem'] === 'true') this.dismissed = 'not a problem';
    const line = lineFrom(attributes['lineNumber'] ?? attributes['line']);
    if (className) this.#places.set('Class', { path: ownText(className), ...(line ? { line } : {}) });
  }

  open(name: string, attributes: Attributes): void {
    this.#open.push({ name, attributes });
    if (name === 'SourceLine') this.#takePlace(attributes);
    const { designation } = attributes;
    if (name === 'UserAnnotation' && designation && notProblems.has(designation)) this.dismissed = designation;
  }

  close(name: string): void {
    if (this.#open.at(-1)?.name === name) this.#open.pop();
  }

  wantsText(): boolean {
    const name = this.#open.at(-1)?.name;
    return this.#open.length === 1 && (name === 'LongMessage' || name === 'ShortMessage');
  }

  text(piece: string): void {
    const name = this.#open.at(-1)!.name;
    const held = this.#texts.get(name) ?? '';
    if (held.length < messageLimit) this.#texts.set(name, (held + piece).slice(0, messageLimit));
  }

  get message(): string {
    const stated =
      this.#texts.get('LongMessage') ?? this.#texts.get('ShortMessage') ?? this.#stated['message'] ?? this.type;
    return ownText(stated.replace(/\s+/g, ' ').trim());
  }

  get place(): Place {
    return nearness.map((holder) => this.#places.get(holder)).find((place) => place !== undefined) ?? {};
  }

  #takePlace({ sourcepath, classname, start, primary }: Attributes): void {
    const parent = this.#open.at(-2);
    const holder = parent ? nearness.find((name) => name === parent.name) : 'BugInstance';
    // A method that is called, or a class that is compared with, is not where the bug is.
    const role = parent?.attributes['role'];
    if (!holder || (role && !/^(?:METHOD|CLASS|FIELD)_DEFAULT$/.test(role))) return;
    const isPrimary = holder === 'BugInstance' && primary === 'true';
    if (this.#places.has(holder) && (!isPrimary || this.#isPrimary)) return;
    this.#isPrimary ||= isPrimary;
    const path = sourcepath || classname;
    const line = lineFrom(start);
    this.#places.set(holder, { ...(path ? { path: ownText(path) } : {}), ...(line ? { line } : {}) });
  }
}
