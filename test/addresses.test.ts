import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./support/folders";
import { filesOf, ROOT, synthesizeApp } from "./support/synthesized-app";

// Terraform destroys and creates again whatever changes its address. So an address is a contract: it
// stays, or a `moved` block says where it went.
const FILE = join(ROOT, "test/snapshots/addresses.json");

interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly moved?: readonly { readonly from: string; readonly to: string }[];
}

function synthesizedStacks(): Map<string, StackJson> {
  const outdir = temporaryFolder();
  const { status, stderr } = synthesizeApp(outdir);
  if (status !== 0) throw new Error(stderr);
  const stacks = Object.entries(filesOf(outdir)).flatMap(([file, text]) => {
    const [, stack] = /^stacks\/([^/]+)\/cdk\.tf\.json$/.exec(file) ?? [];
    return stack === undefined ? [] : [[stack, JSON.parse(text) as StackJson] as const];
  });
  return new Map(stacks);
}

const addressesOf = ({ resource = {} }: StackJson): string[] =>
  Object.entries(resource)
    .flatMap(([type, byName]) => Object.keys(byName).map((name) => `${type}.${name}`))
    .sort();

const stacks = synthesizedStacks();
const known = (): Record<string, string[]> => JSON.parse(readFileSync(FILE, "utf8"));

test("every address that a stack ever had is still there, or has moved", () => {
  const lost = Object.entries(known()).flatMap(([stack, addresses]) => {
    const json = stacks.get(stack) ?? {};
    const kept = new Set([...addressesOf(json), ...(json.moved ?? []).map(({ from }) => from)]);
    return addresses.filter((address) => !kept.has(address)).map((each) => `${stack}: ${each}`);
  });
  expect(lost).toEqual([]);
});

// UPDATE_SNAPSHOTS=1 npm test -- test/addresses.test.ts
test("every address is known, so that a later change cannot lose it", () => {
  const before = known();
  const all = Object.fromEntries(
    [...stacks].map(([stack, json]) => [
      stack,
      [...new Set([...(before[stack] ?? []), ...addressesOf(json)])].sort(),
    ]),
  );
  if (process.env.UPDATE_SNAPSHOTS) writeFileSync(FILE, `${JSON.stringify(all, null, 2)}\n`);
  expect(known()).toEqual(all);
});
