import { printable, type RegistryProblem } from "../registry-error";

/** Something that only one org, or one home, may have. */
export interface Claim {
  /** The org or home, as problems name it. */
  readonly subject: string;
  readonly path: string;
  readonly value: string;
  /**
   * The unique part, compared as it is.
   * @default - the value
   */
  readonly key?: string;
  /** The name that the value follows from. Two with one name collide only by their names. */
  readonly derivedFrom?: string;
}

export const keyOf = ({ key, value }: Claim): string => key ?? value;

/** Reports each claim of something that is already claimed. The problem names both. */
export function clashes(
  rule: string,
  expected: string,
  claims: readonly Claim[],
): RegistryProblem[] {
  const first = new Map<string, Claim>();
  return claims.flatMap((claim) => {
    const before = first.get(keyOf(claim));
    if (!before) first.set(keyOf(claim), claim);
    // Another rule is about what one org has twice.
    if (!before || before.subject === claim.subject || sameByName(before, claim)) return [];
    return [collision(rule, before, claim, expected)];
  });
}

export const sameByName = (one: Claim, other: Claim): boolean =>
  one.derivedFrom !== undefined && one.derivedFrom === other.derivedFrom;

/** The problem of two claims that exclude each other. */
export function collision(
  rule: string,
  first: Claim,
  second: Claim,
  expected: string,
): RegistryProblem {
  const value = printable(second.value, []);
  return {
    subject: `${first.subject}, ${second.subject}`,
    path: second.path,
    value: keyOf(first) === keyOf(second) ? `${value} in both` : value,
    rule,
    expected,
  };
}
