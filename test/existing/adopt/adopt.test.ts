import { adopt } from "../../../lib/existing/adopt/adopt";
import { codeFiles } from "../../../lib/existing/code/code-files";
import { type ExistingObject, keyOf } from "../../../lib/existing/model";
import { checkPolicies } from "../../../lib/policies/check";
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

  test("is the same after a deploy, also if its folder was lost", async () => {
    const { existing } = await readOrganization(organization);
    const props = { org: "na-prod", existing, known: {}, schema };
    const first = adopt({ ...props, inStates: [] });
    const inStates = Object.entries(first.manifest).map(([logicalId, { type, id = "" }]) => ({
      type,
      id,
      address: `${type}.${logicalId}`,
    }));
    expect(adopt({ ...props, inStates }).files).toEqual(first.files);
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

test("characters that a review could not see are escaped in the code", () => {
  const name = "Sales\u2028\u202eeur\u00a0Zürich 🎧";
  const { files } = adopt({
    org: "na-prod",
    existing: {
      name: "na-prod",
      types: ["genesyscloud_routing_skill"],
      objects: [object("routing_skill", name, 1, {})],
    },
    known: {},
    inStates: [],
    schema,
  });
  expect(files["skills.ts"]).toContain('name: "Sales\\u2028\\u202eeur\u00a0Zürich 🎧"');
});

describe("objects that break rules for new ones", () => {
  const policy = (actions: readonly string[]) => ({
    permission_policies: [{ domain: "routing", entity_name: "queue", action_set: actions }],
  });
  const objects: readonly ExistingObject[] = [
    object("auth_role", "Supervisor", 1, policy(["*"])),
    object("auth_role", "Reporting", 2, policy(["view"])),
    object("oauth_client", "Wallboard", 3, {
      authorized_grant_type: "CODE",
      registered_redirect_uris: ["http://wallboard.example.com/"],
      scopes: ["users"],
    }),
    object("oauth_client", "Staging-Desktop", 4, {
      authorized_grant_type: "CODE",
      registered_redirect_uris: ["https://desktop.example.com/"],
      scopes: ["queues:readonly"],
    }),
  ];
  const adoptedAs = (environment: "production" | "staging") =>
    adopt({
      org: "na-prod",
      existing: {
        name: "na-prod",
        types: ["genesyscloud_auth_role", "genesyscloud_oauth_client"],
        objects,
      },
      known: {},
      inStates: [],
      environment,
      schema,
    });

  test("get waivers of these rules only", () => {
    const { files, waived } = adoptedAs("production");
    expect(Object.fromEntries(waived)).toEqual({
      "role-supervisor": ["GO-OAUTH-ROLE"],
      "oauth-client-wallboard": ["GO-OAUTH-NAME", "GO-OAUTH-REDIRECT", "GO-OAUTH-SCOPE"],
      "oauth-client-staging-desktop": ["GO-OAUTH-SHARED"],
    });
    const stack = synthesizeCode(files);
    const org = { name: "na-prod", environment: "production" } as const;
    const errors = (context: object) =>
      checkPolicies(stack, { org, ...context })
        .filter(({ rule }) => /^GO-(OAUTH|WAIVER)/.test(rule))
        .map(({ rule }) => rule);
    expect(errors({})).toEqual([]);
    expect(errors({ ignoresWaivers: true })).toHaveLength(5);
  }, 60_000);

  test("have the names of another environment there", () => {
    expect(adoptedAs("staging").waived.has("oauth-client-staging-desktop")).toBe(false);
  });

  test("are not excused before they are deployed", () => {
    const [role] = objects;
    const { id: _, ...unborn } = role ?? object("auth_role", "", 0, {});
    const { files, waived } = codeFiles({
      org: "na-prod",
      managed: [unborn],
      others: [],
      known: {},
      undeployed: new Set([keyOf(unborn)]),
      schema,
    });
    expect([waived.size, files["roles.ts"]]).toEqual([0, expect.not.stringContaining("waive")]);
  });
});

function object(type: string, name: string, number: number, args: object): ExistingObject {
  return {
    type: `genesyscloud_${type}`,
    path: [name],
    id: `00000000-0000-4000-8000-00000000000${number}`,
    arguments: { name, ...args },
  };
}
