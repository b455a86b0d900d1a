import { UserError } from "../errors";

/** Arguments that change how a run looks or waits, and not what it does. */
const HARMLESS =
  /^-(no-color|compact-warnings|concise|lock-timeout=\w+|parallelism=\d+|plugin-dir=\S+)$/;

/**
 * Refuses arguments that `TF_CLI_ARGS` and `TF_CLI_ARGS_<command>` would add to every run: `-target`,
 * `-lock=false` or `-var` would make it another run than the one that is shown and approved.
 *
 * @throws UserError that names each variable and argument
 */
export function refuseArguments(environment: NodeJS.ProcessEnv): void {
  const problems = Object.entries(environment).flatMap(([name, value = ""]) => {
    if (!/^TF_CLI_ARGS(_|$)/.test(name)) return [];
    const others = value.split(/\s+/).filter((word) => word !== "" && !HARMLESS.test(word));
    return others.length === 0 ? [] : `${name} has ${others.map(nameOf).join(" and ")}`;
  });
  if (problems.length === 0) return;
  throw new UserError(
    `${problems.join("; ")}: remove it from the environment, because it would change what Terraform does in every organisation`,
  );
}

/** The value of an argument may be a secret. */
const nameOf = (argument: string): string => argument.split("=")[0] ?? "";
