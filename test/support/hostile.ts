const esc = '\u001b';
const bell = '\u0007';

/** Texts that somebody could name a release, a test or a branch to be taken for something else. */
export const hostileTexts: Readonly<Record<string, string>> = {
  'SGR colour': `${esc}[31mred${esc}[0m`,
  'hidden text': `${esc}[8mhidden${esc}[28m`,
  'cursor up and erase': `x${esc}[1A${esc}[2Kfake`,
  'clear screen': `${esc}[2J${esc}[H`,
  'alternate screen': `${esc}[?1049h`,
  'terminal reset': `${esc}c`,
  'window title (OSC 0)': `${esc}]0;owned${bell}`,
  'link (OSC 8)': `${esc}]8;;https://evil.example/${esc}\\click${esc}]8;;${esc}\\`,
  'clipboard (OSC 52)': `${esc}]52;c;ZXZpbA==${bell}`,
  'device control string': `${esc}P+q544e${esc}\\`,
  'application command': `${esc}_Gf=100;AAAA${esc}\\`,
  'C1 CSI': '\u009b31mred',
  'C1 OSC': '\u009d0;title\u009c',
  'C1 next line': 'a\u0085b',
  'carriage return over the verdict': 'v1\rAPPROVED',
  backspaces: 'v1\b\b\bOK',
  bell,
  'tab and vertical tab': 'a\tb\vc\fd',
  'line feed': 'v1\n✔ APPROVED  shop v1',
  'line feed and heading': 'v1\n\n# APPROVED\n',
  'line and paragraph separator': 'a\u2028b\u2029c',
  delete: 'a\u007fb',
  'right-to-left override': 'v1\u202egpj.exe',
  'bidi isolates': '\u2066a\u2067b\u2068c\u2069',
  'arabic letter mark': 'a\u061cb',
  'zero-width space': 'app\u200bro\u200bved',
  'zero-width joiners': 'a\u200cb\u200dc',
  'word joiner and byte order mark': 'a\u2060b\ufeffc',
  'soft hyphen': 'app\u00adroved',
  'tag characters': 'v1\u{e0041}\u{e0042}',
  'interlinear annotation': 'a\ufff9b\ufffac\ufffb',
  'mongolian vowel separator': 'a\u180eb',
  'combining marks': `a${'\u0301'.repeat(40)}`,
  emoji: '🚀👩‍🚀🏳️‍🌈',
  'lone high surrogate': 'a\ud800b',
  'lone low surrogate': 'a\udc00b',
  'table cells': 'a | b | ✅ pass | c',
  'escaped table cells': 'a \\| b \\\\| c',
  'markdown link': '[click](https://evil.example/)',
  'markdown image': '![x](https://evil.example/beacon.png)',
  mention: '@everyone @acme/admins #1',
  'code span and fence': '`x` ```\ncode\n```',
  emphasis: '**APPROVED** __x__ ~~y~~',
  'closing details': '</details></td></table>',
  script: '<script>alert(1)</script>',
  'image with handler': '<img src=x onerror=alert(1)>',
  'html comment': '<!-- hidden -->',
  entity: '&lt;b&gt; &amp; &#64;everyone',
  'output option': '--output=x',
  'upload-pack option': '--upload-pack=touch x',
  'command substitution': '$(touch x)',
  'command substitution without a blank': '$(touch${IFS}x)',
  'backquoted command': '`touch x`',
  'command separators': '; touch x && touch y | touch z & touch w',
  'path out of the project': '../../../../tmp/x',
  'absolute path': '/etc/passwd',
  'format directives': '%s%n%d %x %%',
  'workflow command': '::set-output name=decision::APPROVED',
  'prototype name': '__proto__',
  'inherited name': 'constructor',
  quotes: `a"b'c\\d`,
  'very long': 'x'.repeat(4000),
  'very long, hostile': `${esc}[31m${'\u202e'.repeat(150)}`,
};

// What no output may hold: controls but the line feed, characters that reorder or hide, and halves of pairs.
const unsafe =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Surrogate}]/gu;

/** Characters of an output that could be taken for something else, as code points. */
export function unsafeIn(text: string): readonly string[] {
  return [...text.matchAll(unsafe)].map(([character]) => `U+${character.codePointAt(0)!.toString(16)}`);
}

/** Without the colours that we write ourselves. */
export function withoutColours(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/\u001b\[(?:1|2|22|31|32|33|36|39)m/g, '');
}

/** Rows of markdown tables whose number of cells is not that of their heading. */
export function brokenRows(markdown: string): readonly string[] {
  let width = 0;
  return markdown.split('\n').filter((line) => {
    const cells = line.startsWith('|') ? [...line.replaceAll(/\\[^]/g, '').matchAll(/\|/g)].length : 0;
    if (cells === 0 || width === 0) {
      width = cells;
      return false;
    }
    return cells !== width;
  });
}
