import { UserError } from "../../../errors";

/** In Terraform's words, which it wraps wherever there is a space, also in an address. */
const PROTECTED = /^Resource\s+(\S[\s\S]{1,600}?)\s+has\s+lifecycle\.prevent_destroy\s+set/gm;

/** Returns an error of a destroy plan; in plain words if the code protects an object. */
export function explainRefusal(error: UserError, stack: string, folder: string): UserError {
  const addresses = [...error.message.matchAll(PROTECTED)]
    .map(([, address = ""]) => address.replace(/\s+/g, " "))
    .sort();
  if (addresses.length === 0) return error;
  return new UserError(
    `${stack}: the code protects ${addresses.join(", ")} (prevent_destroy), so nothing is destroyed. Remove preventDestroy from the code; or keep the object, and take it out of the state with \`terraform state rm <address>\` in ${folder}`,
  );
}
