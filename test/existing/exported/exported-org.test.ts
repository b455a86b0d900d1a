import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { adopt } from "../../../lib/existing/adopt/adopt";
import { canonicalText } from "../../../lib/existing/canonical-text";
import type { ExistingOrg } from "../../../lib/existing/model";
import { byText } from "../../../lib/existing/read/resolve";
import { loadSchemas } from "../../../lib/rehearsal";
import {
  type ExportProps,
  exportedObjects,
  PROVIDER_ADDRESSES,
  STATE_SECRET,
  writeExport,
} from "../../support/existing/exported-files";
import { generateOrganization } from "../../support/existing/generated-organization";
import { readExportOf } from "../../support/existing/read-exported";
import { readOrganization } from "../../support/existing/read-organization";
import type { FakeOrganization } from "../../support/fakes/fake-organization";
import { describeWithTerraform } from "../../support/terraform";

jest.setTimeout(600_000);

const schema = loadSchemas().providers.get("registry.terraform.io/mypurecloud/genesyscloud") ?? {};

async function adoptedFrom(folder: string, organization: FakeOrganization) {
  const { read, joined } = await readExportOf(folder, organization);
  const code = adopt({ org: "na-prod", existing: joined.org, known: {}, inStates: [], schema });
  expect(JSON.stringify([joined, code])).not.toContain(STATE_SECRET);
  return { read, joined, code };
}

const adopted = (props: ExportProps) => adoptedFrom(writeExport(props), props.organization);

/** Arguments that have another value than in the organisation, of all that both know. */
function differences(exported: ExistingOrg, live: ExistingOrg): string[] {
  const there = new Map(live.objects.map((object) => [`${object.type} ${object.id}`, object]));
  return exported.objects
    .filter(({ unmanaged }) => unmanaged === undefined)
    .flatMap(({ type, id, path, arguments: given }) =>
      Object.entries(given).flatMap(([name, value]) => {
        const [one, other] = [value, there.get(`${type} ${id}`)?.arguments[name]].map(comparable);
        return one === other ? [] : [`${type} ${path} ${name}: ${one}, live ${other}`];
      }),
    );
}

/** The exporter leaves zeros out, and nobody knows type and place of what is not there. */
const comparable = (value: unknown): string =>
  canonicalText(
    JSON.parse(
      JSON.stringify([value], (name, each) => {
        if (Array.isArray(each) && /"id":/.test(JSON.stringify(each))) {
          return [...each].sort((one, other) => byText(comparable(one), comparable(other)));
        }
        return each === 0 || each === false || name === "$ref" ? undefined : each;
      }),
    ),
  );

describeWithTerraform("an export", () => {
  const small = generateOrganization({ seed: 72, objects: 24 });

  test("with a circle has the same code in HCL and in JSON, and the values of the organisation", async () => {
    const organization = generateOrganization({ seed: 71, objects: 90, cycle: true });
    const hcl = await adopted({ organization, format: "hcl", state: true, seed: 1 });
    const json = await adopted({ organization, format: "json", state: true, seed: 2, split: true });
    expect(json.code.files).toEqual(hcl.code.files);
    expect(hcl.code.circles.length).toBeGreaterThan(0);
    expect(hcl.joined.leftOut).toEqual([]);
    expect(new Set(hcl.joined.leftOutArguments.map(({ reason }) => reason))).toEqual(
      new Set(["adopt does not know it"]),
    );
    const { existing } = await readOrganization(organization);
    expect(differences(hcl.joined.org, existing)).toEqual([]);
    const live = adopt({ org: "na-prod", existing, known: {}, inStates: [], schema });
    expect(Object.keys(hcl.code.manifest)).toEqual(Object.keys(live.manifest));
    expect(hcl.code.manifest).toEqual(live.manifest);
    // Flows are found by data sources, whether the export has one or their ids.
    expect(hcl.code.files["others.ts"]).toContain("DataGenesyscloudFlow");
  });

  test.each(PROVIDER_ADDRESSES.map((provider, index) => ({ provider, index })))(
    "of $provider is read",
    async ({ provider, index }) => {
      const format = index % 2 === 0 ? "hcl" : "json";
      const split = index > 2;
      const { code } = await adopted({ organization: small, format, split, provider, state: true });
      const { existing } = await readOrganization(small);
      const live = adopt({ org: "na-prod", existing, known: {}, inStates: [], schema });
      expect(code.manifest).toEqual(live.manifest);
    },
  );

  test("without a state gets its ids by name, and leaves out what has none", async () => {
    const [twin, gone] = exportedObjects(small).filter(({ type }) => /skill/.test(type));
    const folder = writeExport({ organization: small, format: "hcl" });
    const there = small.copy((kind, entities) =>
      entities.flatMap((entity) => {
        if (entity.id === gone?.id) return [];
        const other = { ...entity, id: "0f3c5a34-26c1-4a3e-9d3f-6f1f2b6f7a11" };
        return entity.id === twin?.id && kind !== "flow" ? [entity, other] : [entity];
      }),
    );
    const { joined, code } = await adoptedFrom(folder, there);
    expect(joined.leftOut).toEqual([
      { address: `${gone?.type}.${gone?.label}`, reason: "na-prod has none of its name" },
      {
        address: `${twin?.type}.${twin?.label}`,
        reason:
          "several objects have its name: rename all but one, or export with `include_state_file = true`",
      },
    ]);
    expect(code.adopted.length).toBeGreaterThan(15);
    expect(Object.values(code.manifest).map(({ id }) => id)).not.toContain(gone?.id);
  });

  test("leaves out arguments that it cannot know, by name, and Terraform leaves them alone", async () => {
    const queue = exportedObjects(small).find(({ type }) => type.endsWith("_queue"));
    const address = `${queue?.type}.${queue?.label}`;
    const change = (each: string, body: Record<string, unknown>) =>
      each !== address
        ? body
        : {
            ...body,
            description: "${var.given}",
            peer_id: "${var.missing}",
            calling_party_name: "${var.secret}",
            acw_timeout_ms: "${var.given_number * 2}",
            queue_flow_id: "${genesyscloud_flow.own.id}",
            newer_argument: ["a", "b"],
            newer_block: [{ inner: "x" }],
            agent_owned_routing: [{ enable_agent_owned_callbacks: true, newer_inner: 3 }],
          };
    const variable = {
      given: { description: "The text" },
      given_number: { default: 21 },
      missing: { description: "Nobody gave it" },
      secret: { sensitive: true, default: "planted-default" },
    };
    const resource = {
      genesyscloud_flow: {
        own: { filepath: "own.yaml", file_content_hash: '${filesha256("own.yaml")}' },
      },
      genesyscloud_newer_type: { a: { name: "A" }, b: { name: "B" } },
    };
    const values = 'given = "from genesyscloud_flow.own.id"\nsecret = "planted-value"\n';
    for (const format of ["hcl", "json"] as const) {
      const { joined, read, code } = await adopted({
        organization: small,
        format,
        state: true,
        values,
        change,
        blocks: { variable, resource },
      });
      const written = JSON.stringify([joined, code]);
      expect(written).not.toContain("planted-");
      expect(written).toContain("from genesyscloud_flow.own.id");
      expect(read.otherTypes).toEqual({
        genesyscloud_flow: 1,
        genesyscloud_integration_credential: 1,
        genesyscloud_newer_type: 2,
      });
      const found = joined.leftOutArguments.filter((one) => one.address === address);
      const unknown = "adopt does not know it";
      expect(found.map(({ argument, reason }) => `${argument}: ${reason}`).sort()).toEqual([
        "agent_owned_routing.newer_inner: this version does not know it",
        "calling_party_name: the variable secret has no value, or a secret one",
        `newer_argument: ${unknown}`,
        `newer_block: ${unknown}`,
        "peer_id: the variable missing has no value, or a secret one",
        "queue_flow_id: the id of genesyscloud_flow.own is not known: export with `include_state_file = true`",
      ]);
      const object = joined.org.objects.find(({ id }) => id === queue?.id);
      expect(object?.arguments).toMatchObject({
        description: "from genesyscloud_flow.own.id",
        acw_timeout_ms: 42,
        agent_owned_routing: { enable_agent_owned_callbacks: true },
      });
      expect(code.files["queues.ts"]).toContain(
        'lifecycle = { ignoreChanges: ["calling_party_name","peer_id","queue_flow_id"] };',
      );
    }
  });

  test("of another organisation is refused", async () => {
    const folder = writeExport({ organization: small, format: "json", state: true });
    await expect(
      readExportOf(folder, generateOrganization({ seed: 73, objects: 24 })),
    ).rejects.toThrow(
      /na-prod has none of its \d+ objects: it is an export of another organisation/,
    );
  });

  test("that Terraform does not read is refused without its text", async () => {
    const folder = writeExport({ organization: small, format: "hcl" });
    writeFileSync(
      join(folder, "more.tf"),
      'resource "genesyscloud_routing_skill" "a" {\n  name = nothing.planted // planted-text\n}\n',
    );
    const reading = readExportOf(folder, small);
    await expect(reading).rejects.toThrow(
      /Terraform cannot read the export:\n[\s\S]*more\.tf, in resource "genesyscloud_routing_skill" "a"/,
    );
    await expect(reading).rejects.not.toThrow(/planted-text/);
  });
});
