import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readExport } from "../../../lib/existing/exported/export-blocks";
import { exportIds } from "../../../lib/existing/exported/export-ids";
import { temporaryFolder } from "../../support/folders";

const readFiles = (files: Readonly<Record<string, string>>) => {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return readExport(folder, (type) => type !== "genesyscloud_flow");
};

const skill = (body: string) => `resource "genesyscloud_routing_skill" "a" {\n  ${body}\n}\n`;
const skillInJson = (body: object) =>
  JSON.stringify({ resource: { genesyscloud_routing_skill: { a: body } } });

test.each([
  ["a module", 'module "m" {\n source = "./m"\n}', /the block module m is not read/],
  ["an ephemeral resource", 'ephemeral "a" "b" {}', /the block ephemeral a b is not read/],
  ["another provider's data", 'data "external" "x" {}', /data external x would read something/],
  ["a program", skill('provisioner "local-exec" {\n command = "x"\n }'), /has a provisioner/],
  ["a file", skill('name = file("/etc/passwd")'), /uses the function file, which reads files/],
  ["a file in a text", skill('name = "https://${file("x")}"'), /uses the function file,/],
  ["a file after a text", skill('name = ["${a}", file("x")]'), /uses the function file,/],
  ["a file behind comments", skill('name = /* " */ file /* x */ ("x")'), /the function file,/],
  ["a cut file", 'resource "genesyscloud_user" "a" {\n name = "x"', /ends before its block/],
])("an export in HCL is refused for %s", (_what, text, message) => {
  expect(() => readFiles({ "genesyscloud.tf": text })).toThrow(message);
  expect(() => readFiles({ "genesyscloud.tf": text })).toThrow(/\/genesyscloud\.tf/);
});

test.each([
  ["a module", JSON.stringify({ module: { m: { source: "./m" } } }), /the block module/],
  ["a program", skillInJson({ provisioner: [{ "local-exec": {} }] }), /has a provisioner/],
  ["a file", skillInJson({ name: '${file("/etc/passwd")}' }), /uses the function file,/],
  ["a cut file", '{"resource": {"planted', /genesyscloud\.tf\.json is not a JSON document/],
])("an export in JSON is refused for %s", (_what, text, message) => {
  expect(() => readFiles({ "genesyscloud.tf.json": text })).toThrow(message);
});

test("words in texts and in comments are no functions, and other types may read files", () => {
  const text = `${skill('name = "a file (old)" // not its "text"')}
resource "genesyscloud_flow" "f" {
  file_content_hash = filesha256("f.yaml")
}`;
  expect(readFiles({ "a.tf": text }).blocks.map(({ labels }) => labels.join("."))).toEqual([
    "genesyscloud_routing_skill.a",
    "genesyscloud_flow.f",
  ]);
  expect(readFiles({ "a.tf.json": skillInJson({ name: "a file (old)" }) }).blocks).toHaveLength(1);
});

test("a folder without an export is refused with what it should be", () => {
  expect(() => readFiles({ "export.zip": "" })).toThrow(
    /has no \*\.tf and no \*\.tf\.json: --from names the `directory` of genesyscloud_tf_export/,
  );
  expect(() => readExport("/does/not/exist", () => true)).toThrow(/is not a folder/);
});

test("a state of version 3, as the exporter writes it without Terraform, has ids as well", () => {
  const file = join(temporaryFolder(), "terraform.tfstate");
  const primary = { id: "1", attributes: { password: "planted" } };
  const resources = {
    "genesyscloud_user.a": { type: "genesyscloud_user", primary },
    "data.genesyscloud_flow.f": { type: "genesyscloud_flow", primary },
  };
  writeFileSync(file, JSON.stringify({ version: 3, modules: [{ path: ["root"], resources }] }));
  expect([...exportIds(file)]).toEqual([["genesyscloud_user.a", "1"]]);
  writeFileSync(file, '{"planted');
  expect(() => exportIds(file)).toThrow(/terraform\.tfstate is not a Terraform state/);
});
