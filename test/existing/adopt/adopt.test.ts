import { adopt } from "../../../lib/existing/adopt/adopt";
import type { ExistingObject } from "../../../lib/existing/model";
import { loadSchemas } from "../../../lib/rehearsal";
import { synthesizeCode } from "../../support/existing/code-project";
import { generateOrganization, shuffled } from "../../support/existing/generated-organization";
import { readOrganization } from "../../support/existing/read-organization";

const schema = loadSchemas().providers.get("registry.terraform.io/mypurecloud/genesyscloud") ?? {};

const adopted = async (organization: Parameters<typeof readOrganization>[0]) => {
  const { existing } = await readOrganization(organization);
  return adopt({ org: "na-prod", existing, known: {}, inStates: [], schema });
};

/** The files that have no ids. */
const codeOf = (files: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(files).filter(([name]) => !["objects.json", "references.json"].includes(name)),
  );

describe("the code of 300 objects", () => {
  const organization = generateOrganization({ seed: 11, objects: 300, cycle: true });

  test("is the same with other ids and in another order", async () => {
    const [one, other] = await Promise.all([
      adopted(organization),
      adopted(shuffled(organization, 5)),
    ]);
    expect(codeOf(other.files)).toEqual(codeOf(one.files));
    expect(Object.keys(other.manifest)).toEqual(Object.keys(one.manifest));
  });

  test("compiles, and takes over each object under its own address", async () => {
    const { files, adopted: objects } = await adopted(organization);
    const stack = synthesizeCode(files) as {
      import: { to: string; id: string }[];
      resource: Record<string, object>;
    };
    expect(stack.import.map(({ id }) => id).sort()).toEqual(
      objects.map(({ id }: ExistingObject) => id).sort(),
    );
    expect(new Set(stack.import.map(({ to }) => to)).size).toBe(objects.length);
  }, 120_000);
});
