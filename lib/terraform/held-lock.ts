/** The holder of a state's lock, as Terraform names it. */
export interface LockHolder {
  readonly id: string;
  /** For example `OperationTypeApply`. */
  readonly operation: string;
  /** `<user>@<host>`. */
  readonly who: string;
  /** Milliseconds since 1970; NaN if Terraform does not say. */
  readonly created: number;
}

/**
 * Returns the holder of the lock that stopped a command, with empty fields if it has just given it back;
 * undefined if the command failed for another reason, for example because the caller may not lock.
 *
 * @param output what the command wrote to stderr
 */
export function lockHolderIn(output: string): LockHolder | undefined {
  if (!output.includes("Error acquiring the state lock")) return undefined;
  // Anyone who may lock writes these fields: they must not control the terminal that shows them.
  const field = (name: string) =>
    new RegExp(`\\b${name}:\\s+(\\S.*)$`, "m")
      .exec(output)?.[1]
      ?.trim()
      .replace(/[\p{Cc}\p{Cf}]/gu, "?") ?? "";
  const id = field("ID");
  // Between Terraform's write, which is refused, and its read, the holder may give the lock back.
  const isHeld = /\b(PreconditionFailed|ConditionalCheckFailedException)\b/.test(output);
  if (id === "" && !isHeld) return undefined;
  // Go writes `2026-11-29 02:15:00.123456789 +0000 UTC`.
  const [day, time] = field("Created").split(" ");
  return {
    id,
    operation: field("Operation"),
    who: field("Who"),
    created: Date.parse(`${day}T${time?.replace(/\.\d+/, "")}Z`),
  };
}
