import { UserError } from "../../../../errors";
import { REGISTRY } from "../../../../terraform/provider-source";

/** The providers of a stack, and of the state that it is to take over. */
export interface ProviderNames {
  /** Name of the state in messages. */
  readonly state: string;
  /** Full sources in the state. */
  readonly inState: readonly string[];
  readonly stack: string;
  /** Full sources in the stack. */
  readonly inStack: readonly string[];
  /** Whether OpenTofu runs the stack. Its registry has the same providers. */
  readonly isOpenTofu: boolean;
}

/**
 * Returns the providers of a state that the stack has under another name, each with that name.
 *
 * @throws UserError if the next `init` could not install a provider, and the stack has none like it
 */
export function otherNames({
  state,
  inState,
  stack,
  inStack,
  isOpenTofu,
}: ProviderNames): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const source of inState) {
    const same = isOpenTofu ? source.replace("registry.opentofu.org/", `${REGISTRY}/`) : source;
    if (inStack.includes(same) || source.startsWith("terraform.io/builtin/")) continue;
    const like = inStack.filter((each) => typeOf(each) === typeOf(source));
    if (like[0] !== undefined && like.length === 1) names.set(source, like[0]);
    else if (source.startsWith(`${REGISTRY}/-/`)) {
      throw new UserError(
        `${state} names the provider ${typeOf(source)} as Terraform 0.12 did, and ${stack} has no provider of this type: run \`terraform state replace-provider ${source} <source>\` in its old place`,
      );
    }
  }
  return names;
}

/** @throws UserError that names the providers, and the option that replaces them */
export function refuseOtherNames(
  { state, stack }: Pick<ProviderNames, "state" | "stack">,
  names: ReadonlyMap<string, string>,
): void {
  if (names.size === 0) return;
  const pairs = [...names].map(([source, name]) => `${source} (in the stack ${name})`);
  throw new UserError(
    `${state} names providers that ${stack} does not have: ${pairs.join(", ")}. Terraform's next init could not install them: with --replace-providers, the moved state names those of the stack`,
  );
}

/** Replaces the providers in the text of a state. All else stays as it is, to the last digit. */
export function replaceProviders(text: string, names: ReadonlyMap<string, string>): string {
  let replaced = text;
  for (const [source, name] of names) {
    const written = [`provider\\[\\\\"${escaped(source)}\\\\"\\]`];
    // As Terraform 0.12 wrote it.
    if (source.startsWith(`${REGISTRY}/-/`)) written.push(`provider\\.${typeOf(source)}`);
    replaced = replaced.replace(
      new RegExp(`("provider"\\s*:\\s*"(?:module\\.[^"\\\\]*\\.)?)(?:${written.join("|")})`, "g"),
      (_, before: string) => `${before}provider[\\"${name}\\"]`,
    );
  }
  return replaced;
}

const typeOf = (source: string): string => source.split("/").at(-1) ?? source;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
