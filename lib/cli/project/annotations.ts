import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors";
import { coloursFor, type Io } from "../terminal/io";

// The file that cdktf writes next to the stacks. Its command prints the annotations; an app does not.
const MANIFEST_FILE = "manifest.json";
const WARNING = "@cdktf/warn";
const ERROR = "@cdktf/error";

interface Manifest {
  readonly stacks?: Readonly<Record<string, { readonly annotations?: readonly Annotation[] }>>;
}

interface Annotation {
  readonly constructPath: string;
  readonly level: string;
  readonly message: string;
}

/**
 * Prints the warnings that constructs left in a synthesis on stderr, one line each.
 *
 * @param output folder of the synthesis
 * @throws UserError with the errors that constructs left: `cdktf synth` fails on them, too
 */
export function reportAnnotations(io: Io, output: string): void {
  const file = join(output, MANIFEST_FILE);
  if (!existsSync(file)) return;
  const { stacks = {} } = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  const all = Object.values(stacks).flatMap(({ annotations = [] }) => annotations);
  const linesOf = (level: string) => [
    ...new Set(all.filter((annotation) => annotation.level === level).map(inOneLine)),
  ];
  const { yellow } = coloursFor(io.stderr, io.env);
  for (const line of linesOf(WARNING)) io.stderr.write(`${yellow("warning:")} ${line}\n`);
  const errors = linesOf(ERROR);
  if (errors.length > 0) throw new UserError(errors.join("\n"));
}

function inOneLine({ constructPath, message }: Annotation): string {
  return `${constructPath}: ${message.replace(/\s*\n\s*/g, " ")}`;
}
