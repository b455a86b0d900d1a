import { headingOf, optionsIn } from "../../lib/ci/heading";

const OPTIONS = { branch: "release/1.x", command: "npm run --silent genesys-orgs --", node: "24" };

test("the options in a heading can be read again", () => {
  const heading = headingOf("github", OPTIONS);
  expect(heading).toBe(
    "Written by `genesys-orgs ci github --branch release/1.x --command 'npm run --silent genesys-orgs --' --node 24`.\nDo not edit it: change the options, and run the command again.",
  );
  const file = heading.replace(/^/gm, "# ");
  expect(optionsIn(`${file}\nname: x\n`)).toEqual(OPTIONS);
});

test("a file of somebody's own has no options", () => {
  expect(optionsIn("# My own workflow --branch x\nname: x\n")).toBeUndefined();
});

test("an option with a quotation mark is refused, since it could not be read again", () => {
  expect(() => headingOf("github", { command: "echo 'a'" })).toThrow(
    "--command echo 'a': it must have no quotation mark and no line break",
  );
});
