import { adopt } from "../../../lib/existing/adopt/adopt";
import { loadSchemas } from "../../../lib/rehearsal";
import { synthesizeCode } from "../../support/existing/code-project";
import {
  generateOrganization,
  withDifferences,
} from "../../support/existing/generated-organization";
import { changedPaths, planWired } from "../../support/existing/plan-wired";
import { readOrganization } from "../../support/existing/read-organization";
import type { FakeOrganization } from "../../support/fakes/fake-organization";
import { describeWithTerraform } from "../../support/terraform";

jest.setTimeout(300_000);

const schema = loadSchemas().providers.get("registry.terraform.io/mypurecloud/genesyscloud") ?? {};

/** A stack as Terraform JSON. */
interface Stack extends Record<string, unknown> {
  readonly import: readonly { readonly to: string; readonly id: string }[];
  readonly resource: Readonly<Record<string, object>>;
}

/** The stack of the code that takes an organisation over. */
async function stackOf(organization: FakeOrganization) {
  const { existing, genesys } = await readOrganization(organization);
  const adoption = adopt({ org: "na-prod", existing, known: {}, inStates: [], schema });
  const { provider: _, terraform: __, ...stack } = synthesizeCode(adoption.files);
  return { adoption, stack: stack as unknown as Stack, genesys };
}

describeWithTerraform("the plan of the code of 300 objects", () => {
  const organization = generateOrganization({ seed: 31, objects: 300, cycle: true });
  let made: Awaited<ReturnType<typeof stackOf>>;
  beforeAll(async () => {
    made = await stackOf(organization);
  });

  test("only imports", async () => {
    const { changes, failure } = await planWired(organization, made.stack);
    expect(failure).toBeUndefined();
    expect(changes).toHaveLength(made.adoption.adopted.length);
    expect(new Set(changes.map(({ type }) => type)).size).toBeGreaterThanOrEqual(12);
    const others = changes.filter(
      ({ change }) => !change.importing || change.actions.join() !== "no-op",
    );
    expect(others.map((each) => [each.address, each.change.actions, changedPaths(each)])).toEqual(
      [],
    );
  });

  test("shows each attribute that changes in the organisation, and nothing else", async () => {
    const { organization: there, planted } = withDifferences(organization, 100, 32);
    const gone = planted.filter(({ kind }) => kind === "only here").map(({ id }) => id);
    const { changes, failure } = await planWired(there, without(made.stack, gone));
    expect(failure).toBeUndefined();
    const ids = new Set(made.adoption.adopted.map(({ id }) => id));
    const expected = planted
      .filter(({ kind, id }) => !kind.startsWith("only") && ids.has(id))
      .map(({ type, id, attribute }) => [type, id, attribute]);
    expect(expected.length).toBeGreaterThan(50);
    const found = changes.flatMap((each) =>
      changedPaths(each).map((path) => [each.type, each.change.importing?.id, path]),
    );
    expect(found.sort()).toEqual(expected.sort());
  });
});

/** Leaves objects out of a stack, for an organisation that does not have them. */
function without(stack: Stack, ids: readonly string[]): Stack {
  const kept = stack.import.filter(({ id }) => !ids.includes(id));
  const addresses = new Set(kept.map(({ to }) => to));
  const resource = Object.entries(stack.resource).map(([type, blocks]) => [
    type,
    Object.fromEntries(Object.entries(blocks).filter(([name]) => addresses.has(`${type}.${name}`))),
  ]);
  const notEmpty = resource.filter(([, blocks]) => Object.keys(blocks as object).length > 0);
  return { ...stack, import: kept, resource: Object.fromEntries(notEmpty) };
}
