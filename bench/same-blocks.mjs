import { readFileSync } from "node:fs";

/**
 * Compares two synthesized stacks by the number of blocks of every type and the number of their
 * arguments. Names, texts and version numbers may differ; the amount of work may not.
 *
 * @throws Error naming the differences
 */
export function assertSameBlocks(ours, plain) {
  const [left, right] = [ours, plain].map((file) => census(JSON.parse(readFileSync(file, "utf8"))));
  const differences = [...new Set([...left.keys(), ...right.keys()])]
    .filter((key) => left.get(key) !== right.get(key))
    .map((key) => `${key}: ours ${left.get(key) ?? "none"}, plain ${right.get(key) ?? "none"}`);
  if (differences.length > 0) {
    throw new Error(
      `the two apps do not synthesize the same blocks, so their times cannot be compared:\n${differences.join("\n")}`,
    );
  }
  return [...left.keys()].length;
}

function census(stack) {
  const found = new Map();
  const count = (key, body) => {
    const counted = found.get(key) ?? { blocks: 0, arguments: 0 };
    found.set(key, {
      blocks: counted.blocks + 1,
      arguments: counted.arguments + leaves(body),
    });
  };
  for (const section of ["resource", "data", "ephemeral"]) {
    for (const [type, blocks] of Object.entries(stack[section] ?? {})) {
      for (const body of Object.values(blocks)) count(`${section} ${type}`, body);
    }
  }
  for (const [type, blocks] of Object.entries(stack.provider ?? {})) {
    for (const body of blocks) count(`provider ${type}`, body);
  }
  for (const section of ["variable", "output"]) {
    for (const body of Object.values(stack[section] ?? {})) count(section, body);
  }
  for (const [type, body] of Object.entries(stack.terraform.backend))
    count(`backend ${type}`, body);
  for (const name of Object.keys(stack.terraform.required_providers)) count("required", name);
  return new Map(
    [...found].map(([key, { blocks, arguments: all }]) => [
      key,
      `${blocks} blocks with ${all} arguments`,
    ]),
  );
}

function leaves(value) {
  if (typeof value !== "object" || value === null) return 1;
  return Object.entries(value).reduce(
    (sum, [key, each]) => sum + (key === "//" ? 0 : leaves(each)),
    0,
  );
}
