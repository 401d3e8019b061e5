import fc from 'fast-check';

const names = ['a', 'b', 'testcase', 'name', 'x:y', '_', 'a.b-1', 'é', '名', '𐐀', '__proto__', 'constructor'];
const name = fc.constantFrom(...names);
const space = fc.constantFrom(' ', ' ', ' ', '\n', '\t', '  ', '\r\n', ' \r');
const maybeSpace = fc.constantFrom('', '', '', '', ' ', '\n');
const references = ['&lt;', '&amp;', '&gt;', '&quot;', '&apos;', '&#65;', '&#x1F6D2;', '&#10;', '&#x9;', '&#13;'];
const characters = fc
  .array(
    fc.constantFrom(
      ...references,
      'text',
      ' ',
      '\n',
      '\t',
      '\r',
      '\r\n',
      ']',
      ']]',
      '>',
      '😀',
      'é',
      '\u0085',
      '\u001b',
    ),
  )
  .map((parts) => parts.join(''));
const text = characters.map((value) => value.replaceAll(/^>|(?<=\])>/g, ' >'));
const attribute = fc
  .tuple(space, name, maybeSpace, maybeSpace, fc.constantFrom('"', "'"), characters)
  .map(
    ([before, key, left, right, quote, value]) =>
      [key, `${before}${key}${left}=${right}${quote}${value}${quote}`] as const,
  );
const attributes = fc
  .uniqueArray(attribute, { selector: ([key]) => key, maxLength: 4 })
  .map((list) => list.map(([, written]) => written).join(''));
const comment = characters.map((value) => `<!--${value}-->`);
const instruction = fc.tuple(name, space, characters).map(([target, gap, value]) => `<?${target}${gap}${value}?>`);
const cdata = characters.map((value) => `<![CDATA[${value.replaceAll(']>', '] >')}]]>`);

const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  element: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.tuple(name, attributes, maybeSpace).map(([tag, list, gap]) => `<${tag}${list}${gap}/>`),
    fc
      .tuple(name, attributes, maybeSpace, tie('content'), maybeSpace)
      .map(([tag, list, gap, content, last]) => `<${tag}${list}${gap}>${content}</${tag}${last}>`),
  ),
  content: fc
    .array(fc.oneof({ maxDepth: 4 }, text, tie('element'), comment, instruction, cdata), { maxLength: 5 })
    .map((parts) => parts.join('')),
}));

const declaration = fc.constantFrom(
  '',
  '\ufeff',
  '<?xml version="1.0"?>',
  "\ufeff<?xml version='1.0' encoding = 'UTF-8' standalone='yes' ?>",
  '<?xml\tversion="1.0"\nstandalone="no"?>',
);
const doctype = fc.constantFrom(
  '',
  '',
  '<!DOCTYPE a>',
  '<!DOCTYPE a SYSTEM "x>.dtd">',
  '<!DOCTYPE a PUBLIC "p" \'s\' [ <!ELEMENT a (b|c)*> <!ATTLIST a b CDATA "]>"> <!-- "[]> --> <?p "]?> %x; ] >',
);
const misc = fc.array(fc.oneof(space, comment, instruction), { maxLength: 2 }).map((parts) => parts.join(''));
/** Well-formed documents of all that XML 1.0 has, entity declarations apart. */
export const wellFormed = fc
  .tuple(declaration, misc, doctype, misc, element, misc)
  .map((parts) => parts.join(''))
  .filter((document) => !document.startsWith('\r'));

/** What documents are damaged with. */
export const scraps = [
  ...'< > & ; " \' / ! ? = ] [ - x . # \u00b7 -- --> <!-- ]]> <![CDATA[ <? ?> <?xml?> </ /> </a> <a> <a/> <b'.split(
    ' ',
  ),
  ...'&# &lt &b; &; &#x; &#xg; <! <!- <!D <!DOCTYPE <> </> 😀 \u00a0 \u037e \u0000 \ufffe \u0300 \ufeff'.split(' '),
  ...' |\n|\r|\t|<?xml version="1.0"?>|<?XML ?>|<!DOCTYPE a>|<!DOCTYPE a [| a="1"| a=1| a|< a>|</ a>|<a a="1" a="2"/>'.split(
    '|',
  ),
];
/** Takes away, puts in or doubles something at a place given as a share of the length. */
const change = fc.tuple(
  fc.constantFrom('cut', 'put', 'double', 'end'),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.nat({ max: 12 }),
  fc.constantFrom(...scraps),
);
/** Documents with one to three places changed; many of them are no longer well-formed. */
export const changed = fc
  .tuple(wellFormed, fc.array(change, { minLength: 1, maxLength: 3 }))
  .map(([document, changes]) =>
    changes.reduce((result, [kind, share, length, scrap]) => {
      const at = Math.floor(share * result.length);
      if (kind === 'end') return result.slice(0, at);
      if (kind === 'put') return result.slice(0, at) + scrap + result.slice(at);
      return (
        result.slice(0, at + (kind === 'double' ? length : 0)) + result.slice(at + (kind === 'double' ? 0 : length))
      );
    }, document),
  );
/** The start of one document and the end of another. */
export const joined = fc
  .tuple(wellFormed, wellFormed, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([a, b, first, second]) => a.slice(0, first * a.length) + b.slice(second * b.length));
export const madeOfScraps = fc
  .array(fc.oneof(fc.constantFrom(...scraps), name), { maxLength: 12 })
  .map((parts) => parts.join(''));
/** Characters of a piece when a document is pushed in pieces. */
export const pieceSize = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 200 }));

/** A document with something of everything in it. */
export const everything = [
  '\ufeff<?xml version="1.0" encoding=\'UTF-8\' standalone = "yes" ?>\n<!-- c - d -->',
  '<!DOCTYPE a SYSTEM "]>" [<!ELEMENT a (b)*> <!-- "]> --> <!ATTLIST a b CDATA \']>\'> <-"> <!-]>\n"] >',
  '<a b="1" c = \'&lt;\t">\' é="&#65;\r\n">x ]] &amp;&#x41;<b/>\t<b  d="2" b=""\n/><b d="4" ></b >',
  '<![CDATA[ <&]] ]]><!--]]>--><?p q??><n:1. xml:a="1"><__proto__ constructor=""/>\r</n:1.>>\r\n</a>\n<!-- e --><?p?> ',
].join('');
