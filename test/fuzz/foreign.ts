/** What reports are damaged with: words that mean something to a parser, a file system, a terminal or JavaScript. */

/** Text of a file that lies where readers could get at it, and that none may get at. */
export const canary = 'Somebody has followed a link out of a report.';
const canaryFile = new URL('./canary.txt', import.meta.url).href;

export const foreignNumbers = [
  ['NaN', 'Infinity', '-Infinity', '1e999', '-1e999', '-1', '-0', '0', '9e15', '9007199254740993', '0.1', '1e-9'],
  ['1e308', '4294967296', '2147483648', '00012', '0x10', '1_000', '1,234.5', '+5', '.5', '5.', '', 'null', '"7"'],
  ['-9223372036854775808', '18446744073709551616', '9'.repeat(400), '99999999', '1e7', '٣'],
].flat();

export const foreignPaths = ['test/fuzz/canary.txt', '../../../../../../etc/passwd', '/etc/passwd', canaryFile];

export const foreignTexts = [
  ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'then', 'length', '0', '-1', ''],
  [' ', '\u0000', '\ud800', 'x\udc00y', '\ufeff', '\uffff', '\u2028', '\u202e', '\r\n', '\n\n', '\t', '\u001b[2J'],
  ['NaN', 'Infinity', 'Unknown', 'null', 'undefined', 'true', '[object Object]', '100%', '1e999', '-0', '1,5', '٣'],
  [
    '../../../../etc/passwd',
    '/etc/passwd',
    'file:///etc/passwd',
    'test/fuzz/canary.txt',
    'C:\\x',
    'http://127.0.0.1:9/',
    '//',
    '.',
    '..',
  ],
  [']]>', '<![CDATA[', '<!--', '-->', '&x;', '&#0;', '&#xD800;', '&amp;', '<script>', '"', "'", '\\', '{{', '${x}'],
  ['ä', '日本', '🚀', 'e\u0301', 'İ', 'ß', 'CVE-0000-0', 'GHSA-', 'pkg:npm/%00@', '2026-02-30T25:61:61Z', '0000-00-00'],
  [
    '1970-01-01T00:00:00+99:99',
    '+275760-09-13T00:00:00.001Z',
    '$&$1',
    '%n%s',
    '(((((',
    'a'.repeat(64),
    'x'.repeat(2000),
  ],
].flat();

export const foreignValues = {
  json: [
    ['null', 'true', 'false', '0', '-1', '0.1', '1e999', '9e15', '""', '"x"', '[]', '{}', '[[]]', '[null]', '[{}]'],
    ['{"__proto__":null}', '{"__proto__":{"polluted":true}}', '{"constructor":{"prototype":{"polluted":true}}}'],
    ['{"length":1e9}', '{"toString":1}', '"NaN"', '[1,"a",null,{}]', '', 'undefined', 'NaN', '"\\ud800"', '"\\u0000"'],
  ].flat(),
  xml: [
    '',
    '<x/>',
    '<__proto__ constructor=""/>',
    '<![CDATA[x]]>',
    '<!-- x -->',
    '<?x y?>',
    'text',
    '&lt;',
    ']]>',
    '<',
  ],
  lines: [
    '',
    '""',
    '"',
    'null',
    '-',
    '0',
    '-1',
    'NaN',
    '=1+1',
    '@x',
    '\u0000',
    '\r',
    '"a""b"',
    '"a\nb"',
    '%',
    'length',
  ],
};

export const scraps = [
  ['\u0000', '"', "'", '{', '}', '[', ']', ',', ':', '\\', '<', '>', '/', '&', '=', '\n', '\r', '\t', ' ', ';', '#'],
  [']]>', '<![CDATA[', '<!--', '-->', '<?', '?>', '</', '/>', '&x;', '&#0;', '\\u', '\\ud800', '//', '/*', '```'],
  ['\ufeff', 'NaN', 'null', '__proto__', '-', '.', 'e', '0', '9', '%', '|', '\u2028', '\u0085'],
].flat();

export const documentTypes = [
  `<!DOCTYPE x [<!ENTITY x SYSTEM "${canaryFile}">]>`,
  `<!DOCTYPE x SYSTEM "${canaryFile}">`,
  '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
  '<!DOCTYPE x [<!ENTITY x "polluted">]>',
  '<!DOCTYPE x [<!ENTITY x PUBLIC "p" "http://127.0.0.1:9/x">]>',
  '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
  '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;&b;">]>',
  '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
  '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY x "y">]>',
  '<!DOCTYPE x [<!entity x "y">]>',
  '<!DOCTYPE x [<!ATTLIST x y CDATA "&x;">]>',
  '<!DOCTYPE x [',
];
