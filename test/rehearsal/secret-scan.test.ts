import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zipSync } from "fflate";
import { type Canary, describeFinding, SecretScanner } from "../../lib/rehearsal";
import { canary } from "../../lib/rehearsal/world";
import { temporaryFolder } from "../support/folders";
import { CANARY } from "../support/planted/canaries";

const secret: Canary = { org: "na-prod", credential: "deployer", value: CANARY };
const { value } = secret;
const scanner = new SecretScanner([secret]);

describe("the form of a finding", () => {
  test.each([
    ["plain", `before ${value} after`],
    ["plain", value.toUpperCase()],
    ["escaped", value.replace(/./g, (one) => `%${one.charCodeAt(0).toString(16)}`)],
    ["base64", Buffer.from(`some-client:${value}`).toString("base64")],
    ["base64 of gzip", Buffer.from(gzipSync(Buffer.from(value))).toString("base64")],
    ["hex", Buffer.from(value).toString("hex")],
  ])("is %s", (form, text) => {
    expect(scanner.scan(text, "file").map((found) => found.form)).toEqual([form]);
  });

  test("is reported once for a secret that is in a text with escapes", () => {
    expect(scanner.scan(JSON.stringify({ v: JSON.stringify({ value }) }), "file")).toHaveLength(1);
  });

  test.each([0, 1, 2, 3, 4, 5])("is base64, %i bytes into a text", (offset) => {
    for (const tail of ["", "x", "xy", "xyz"]) {
      const text = Buffer.from("u".repeat(offset) + value + tail);
      expect(scanner.scan(text.toString("base64"), "file")).toMatchObject([
        { form: "base64", bytes: value.length },
      ]);
    }
  });
});

describe("the scan", () => {
  test("finds nothing in a text without a secret", () => {
    expect(scanner.scan(`CANARY+, ${"x".repeat(10_000)}${value.slice(0, 10)}`, "file")).toEqual([]);
    expect(scanner.scan("", "file")).toEqual([]);
  });

  test("counts the bytes of every occurrence", () => {
    const [found] = scanner.scan(`${value} and ${value}`, "state");
    expect(found).toEqual({
      file: "state",
      org: "na-prod",
      credential: "deployer",
      form: "plain",
      bytes: 2 * value.length,
    });
  });

  test("names the org that owns a secret, in the file of any org", () => {
    const other = { ...secret, org: "eu-prod", value: canary("seed", "eu-prod", "deployer") };
    const both = new SecretScanner([secret, other]);
    expect(both.scan(other.value, "na-prod.tfstate")).toMatchObject([{ org: "eu-prod" }]);
  });

  test("finds secrets that are added later", () => {
    const learning = new SecretScanner([]);
    expect(learning.scan(value, "file")).toEqual([]);
    learning.add(secret);
    expect(learning.scan(value, "file")).toHaveLength(1);
  });

  test("counts the bytes of a part", () => {
    expect(scanner.scan(`${value.slice(0, 20)}…`, "log")).toMatchObject([{ bytes: 20 }]);
  });

  test("finds a part of a made-up secret, but of a person's value only the whole", () => {
    const url = "https://crm.example.com/hooks/4711";
    const own = new SecretScanner([{ ...secret, value: url, whole: true }]);
    expect(own.scan("https://crm.example.com/hooks", "file")).toEqual([]);
    expect(own.scan(`the hook is ${url}.`, "file")).toHaveLength(1);
  });

  test("names every org that has the same secret, once", () => {
    const same = [secret, { ...secret, org: "eu-prod" }, { ...secret }];
    expect(new SecretScanner(same).scan(value, "file").map(({ org }) => org)).toEqual([
      "na-prod",
      "eu-prod",
    ]);
  });

  test("looks into a zip, and into a zip in it", () => {
    const content = Buffer.from(`state ${value}`);
    const inner = zipSync({ "tfstate-prev": content });
    const outer = zipSync({ tfplan: content, "nested.zip": inner, clean: Buffer.from("nothing") });
    expect(scanner.scan(outer, "first.tfplan").map(({ member }) => member)).toEqual([
      "tfplan",
      "nested.zip/tfstate-prev",
    ]);
  });

  test("looks into gzip", () => {
    expect(scanner.scan(gzipSync(Buffer.from(value)), "log.gz")).toMatchObject([{ form: "gzip" }]);
  });

  test("searches a broken archive as it is", () => {
    const broken = Buffer.concat([Buffer.from("PK\x03\x04"), Buffer.from(value)]);
    expect(scanner.scan(broken, "plan")).toMatchObject([{ form: "plain" }]);
  });

  test("goes through folders, but does not follow links out of them", () => {
    const folder = temporaryFolder();
    const elsewhere = temporaryFolder();
    mkdirSync(join(folder, "deep"));
    writeFileSync(join(folder, "deep", "terraform.tfstate.backup"), value);
    writeFileSync(join(elsewhere, "asset"), value);
    symlinkSync(elsewhere, join(folder, "assets"));
    expect(scanner.scanFolder(folder).map(({ file }) => file)).toEqual([
      "deep/terraform.tfstate.backup",
    ]);
  });

  test("reads the names of files, and the targets of links", () => {
    const folder = temporaryFolder();
    const name = Buffer.from(value).toString("hex");
    writeFileSync(join(folder, name), "");
    symlinkSync(`/nowhere/${name}`, join(folder, "link"));
    expect(scanner.scanFolder(folder).map(({ file }) => file)).toEqual(["name of a file", "link"]);
  });

  test("describes a finding in one line, without the secret", () => {
    const [found] = scanner.scan(zipSync({ tfplan: Buffer.from(value) }), "first.tfplan");
    expect(found && describeFinding(found)).toBe(
      `first.tfplan (tfplan): ${value.length} bytes of the secret na-prod/deployer, plain`,
    );
  });
});
