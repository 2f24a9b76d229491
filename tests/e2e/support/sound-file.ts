/** The energy of a WAV file with 16-bit samples, also of one that is still being written: squared level times seconds. */
export function energy(wav: Buffer): number {
  if (wav.length < 44) return 0;
  const rate = wav.readUInt32LE(24);
  let sum = 0;
  for (let offset = 44; offset + 1 < wav.length; offset += 2) sum += (wav.readInt16LE(offset) / 32_768) ** 2;
  return sum / rate / wav.readUInt16LE(22);
}

/** How long such a file plays so far. */
export function seconds(wav: Buffer): number {
  return wav.length < 44 ? 0 : (wav.length - 44) / wav.readUInt32LE(28);
}
