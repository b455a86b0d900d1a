/** Number of characters of a client secret of Genesys Cloud: 32 bytes in base64 for URLs. */
export const GENESYS_SECRET_LENGTH = 43;

/** Number of characters of a secret access key of AWS. */
export const AWS_SECRET_LENGTH = 40;

/** Whether a text is 40 or more characters of base64 with as much information as random ones. */
export function isRandom(text: string): boolean {
  if (!/^[A-Za-z0-9+/=_-]{40,}$/.test(text) || !isMixed(text)) return false;
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) {
    entropy -= (count / text.length) * Math.log2(count / text.length);
  }
  // Bits per character: random base64 of this length has about 5, words and hyphens up to 4.3.
  return entropy > 4.5;
}

/** Whether a part of a path is too random for the name of a folder. */
export function isMixed(segment: string): boolean {
  return (
    segment.length >= 20 && /\d/.test(segment) && /[A-Z]/.test(segment) && /[a-z]/.test(segment)
  );
}
