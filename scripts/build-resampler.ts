/**
 * Assembles src/audio/resampler-kernel.wat into src/audio/resampler-kernel.ts.
 * Example: node scripts/build-resampler.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import wabt from 'wabt';

const folder = new URL('../src/audio/', import.meta.url);

/** @returns the kernel's WebAssembly binary, assembled from its source. */
export async function assembleKernel(): Promise<Uint8Array> {
  const source = readFileSync(new URL('resampler-kernel.wat', folder), 'utf8');
  const assembler = await wabt();
  const module = assembler.parseWat('resampler-kernel.wat', source, { simd: true });
  return module.toBinary({}).buffer;
}

if (import.meta.main) {
  const base64 = Buffer.from(await assembleKernel()).toString('base64');
  const text = `/** Assembled from resampler-kernel.wat by scripts/build-resampler.ts. Do not edit. */
export const RESAMPLER_KERNEL_BASE64 =
  '${base64}';
`;
  writeFileSync(new URL('resampler-kernel.ts', folder), text);
}
