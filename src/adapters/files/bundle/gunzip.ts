import type { FileHandle } from 'node:fs/promises';
import { crc32, createInflateRaw } from 'node:zlib';

/** A problem of the compressed file, as half a sentence. */
export class GzipError extends Error {}

const headLength = 10;
const tailLength = 8;

/**
 * The content of a file that is one gzip member without extras and nothing else (RFC 1952), checked to the last byte. Time stamp
 * and system in its header say nothing. Stops as soon as more than `most` bytes came out.
 * @throws GzipError, or what the decompressor says.
 */
export async function* gunzipped(file: FileHandle, size: number, most: number): AsyncGenerator<Uint8Array, void> {
  if (size < headLength + tailLength) throw new GzipError('it is not compressed as a bundle is');
  const head = await bytesAt(file, 0, headLength);
  if (head.readUInt32BE(0) !== 0x1f8b0800) throw new GzipError('it is not compressed as a bundle is');
  const tail = await bytesAt(file, size - tailLength, tailLength);
  const packed = size - headLength - tailLength;
  const source = file.createReadStream({ start: headLength, end: size - tailLength - 1, autoClose: false });
  const inflate = createInflateRaw();
  source.on('error', (error) => inflate.destroy(error));
  let sum = 0;
  let length = 0;
  try {
    for await (const chunk of source.pipe(inflate) as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > most) throw new GzipError('it is larger than a bundle may be');
      sum = crc32(chunk, sum);
      yield chunk;
    }
    if (inflate.bytesWritten !== packed) throw new GzipError('something follows the compressed archive');
    if (tail.readUInt32LE(0) !== sum || tail.readUInt32LE(4) !== length % 2 ** 32)
      throw new GzipError('its content is not what was compressed');
  } finally {
    source.destroy();
    inflate.destroy();
  }
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead !== length) throw new GzipError('it became shorter while it was read');
  return buffer;
}
