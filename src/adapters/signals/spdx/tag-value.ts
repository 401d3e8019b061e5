import { AqeError } from '../../../core/error/aqe-error.ts';
import type { ReadingSession } from '../../../ports/signal-reader.ts';
import { linesSession } from '../shared/lines.ts';
import { ownText } from '../shared/own-text.ts';
import { readingOfDocument, type SpdxReference } from './document.ts';

interface OpenPackage {
  readonly name: string;
  version: string | undefined;
  readonly references: SpdxReference[];
}

/** The tag-value syntax of version 2: `Tag: value` lines, and texts between `<text>` and `</text>`. */
export function spdxTagValue(file: { readonly path: string }): ReadingSession {
  const creators: string[] = [];
  const packages: OpenPackage[] = [];
  let created: string | undefined;
  let version: string | undefined;
  let inText = false;
  let isPackage = false;
  return linesSession(file, {
    line(line) {
      if (inText) {
        inText = !line.includes('</text>');
        return;
      }
      const [, tag, rest = ''] = /^\s*([A-Za-z0-9]+):(.*)$/s.exec(line.trimEnd()) ?? [];
      if (tag === undefined) return;
      const value = rest.trimStart();
      if (value.startsWith('<text>') && !value.includes('</text>')) inText = true;
      else if (tag === 'SPDXVersion') version = value;
      else if (tag === 'Creator') creators.push(ownText(value));
      else if (tag === 'Created') created = ownText(value);
      else if (tag === 'PackageName') {
        packages.push({ name: ownText(value), version: undefined, references: [] });
        isPackage = true;
      } else if (tag === 'FileName' || tag === 'SnippetSPDXID') isPackage = false;
      else if (isPackage && tag === 'PackageVersion') packages.at(-1)!.version = ownText(value);
      else if (isPackage && tag === 'ExternalRef') {
        const [category, type, locator] = value.split(/\s+/, 3);
        if (category && type && locator)
          packages.at(-1)!.references.push({ category, type: ownText(type), locator: ownText(locator) });
      }
    },
    finish() {
      const { path } = file;
      if (version === undefined || !/^SPDX-2\.\d+$/.test(version))
        throw new AqeError('AQE2003', 'its SPDXVersion is not 2.x', { path });
      if (inText) throw new AqeError('AQE2002', 'a <text> has no end', { path });
      return readingOfDocument({ creators, created, packages });
    },
  });
}
