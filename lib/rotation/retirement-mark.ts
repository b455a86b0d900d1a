/**
 * Whether the mark of a retirement concerns this secret. A mark that names no secret, or that cannot be
 * read, concerns any: nobody would remove the clients that are created in spite of it.
 */
export function isMarked(mark: string | undefined, secretArn: string): boolean {
  if (mark === undefined) return false;
  try {
    const { secretArn: marked = secretArn } = JSON.parse(mark) as { secretArn?: string };
    return marked === secretArn;
  } catch {
    return true;
  }
}
