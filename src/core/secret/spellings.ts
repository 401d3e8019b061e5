import { encodeUtf8 } from '../attest/utf8.ts';
import { inline, markdownText } from '../report/encode.ts';
import { entities } from '../report/entities.ts';

const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Shorter texts occur by chance. */
const shortestSecret = 6;
/** A line of a secret of several lines (a key file) is looked for by itself from this length on. */
const shortestLine = 20;

/**
 * The ways in which a known secret can stand in an output: as it is, and as JSON, URL, HTML, markdown, base64, base64url and hex
 * write it. Empty for a value too short to be told from other text.
 */
export function spellingsOf(secret: string): readonly string[] {
  const value = secret.toWellFormed();
  if (value.trim().length < shortestSecret) return [];
  const lines = value.split(/[\r\n]+/).filter((line) => line.length >= shortestLine && !line.startsWith('-----'));
  const texts = [...new Set([value, value.trim(), ...(lines.length > 1 ? lines : [])])];
  return [...new Set(texts.flatMap(written))].filter((text) => text.length >= shortestSecret);
}

function written(text: string): readonly string[] {
  const bytes = [...encodeUtf8(text)];
  const base64 = [0, 1, 2].map((before) => base64Of(bytes, before));
  return [
    text,
    ...(/^[A-Za-z0-9]*$/.test(text) ? [] : escaped(text)),
    ...base64,
    ...base64.map((each) => each.replaceAll('+', '-').replaceAll('/', '_')),
    hexOf(bytes),
    hexOf(bytes).toUpperCase(),
  ];
}

/** Spellings that leave letters and digits alone. */
function escaped(text: string): readonly string[] {
  const encoded = encodeURIComponent(text);
  const strict = encoded.replace(/[!'()*~._-]/g, percent);
  const markdown = markdownText(text);
  return [
    inline(text),
    jsonOf(text),
    markdown,
    jsonOf(markdown),
    text.replace(/[&<>"']/g, (character) => entities[character]!),
    encoded,
    lowerHex(encoded),
    strict,
    lowerHex(strict),
    encoded.replaceAll('%20', '+'),
  ];
}

function jsonOf(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function lowerHex(encoded: string): string {
  return encoded.replace(/%[0-9A-F]{2}/g, (each) => each.toLowerCase());
}

function hexOf(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The characters of base64 that depend on these bytes alone when `before` others (modulo three) stand in front. */
function base64Of(bytes: readonly number[], before: number): string {
  let bits = 0;
  let held = 0;
  let text = '';
  for (const byte of [...Array<number>(before).fill(0), ...bytes]) {
    held = ((held << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += base64Alphabet[(held >> bits) & 63];
    }
  }
  return text.slice(Math.ceil((before * 8) / 6));
}
