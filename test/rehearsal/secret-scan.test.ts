import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zipSync } from "fflate";
import { type Canary, describeFinding, SecretScanner } from "../../lib/rehearsal";
import { temporaryFolder } from "../support/folders";

const value = "CANARY/na-prod/deployer+0123456789abcdef=";
const secret: Canary = { org: "na-prod", credential: "deployer", value };
const scanner = new SecretScanner([secret]);
const formsIn = (content: string | Uint8Array) => [
  ...new Set(scanner.scan(content, "file").map(({ form }) => form)),
];

describe("the forms of a secret", () => {
  test("plain", () => expect(formsIn(`before ${value} after`)).toEqual(["plain"]));

  test("as JSON, with escaped slashes", () =>
    expect(formsIn(`{"v":"${value.replaceAll("/", "\\/")}"}`)).toEqual(["JSON"]));

  test("as JSON as Go writes it, also inside another document", () => {
    const special = new SecretScanner([{ ...secret, value: 'CANARY"a&b<c>' }]);
    const go = (data: unknown) =>
      JSON.stringify(data).replace(/[&<>]/g, (found) => `\\u00${found.charCodeAt(0).toString(16)}`);
    for (const text of [go({ v: 'CANARY"a&b<c>' }), go({ v: go({ v: 'CANARY"a&b<c>' }) })]) {
      expect(special.scan(text, "file").map(({ form }) => form)).toEqual(["JSON"]);
    }
  });

  test.each([
    ["with %20 style", encodeURIComponent(value)],
    ["in lower case", encodeURIComponent(value).replace(/%\w\w/g, (hex) => hex.toLowerCase())],
    ["as a form", new URLSearchParams({ client_secret: value }).toString()],
  ])("URL-encoded %s", (_how, text) => expect(formsIn(text)).toEqual(["URL-encoded"]));

  test.each([0, 1, 2, 3, 4, 5])("base64, %i bytes into a text", (offset) => {
    for (const tail of ["", "x", "xy", "xyz"]) {
      const text = Buffer.from("u".repeat(offset) + value + tail);
      expect(formsIn(text.toString("base64"))).toContain("base64");
    }
  });

  test.each([0, 1, 2])("base64url, %i bytes into a text", (offset) => {
    // Bytes whose base64 form has the two characters in which the alphabets differ.
    const odd = "CANARY>>>???~~~ÿþÿþ";
    const search = new SecretScanner([{ ...secret, value: odd }]);
    const text = Buffer.from("u".repeat(offset) + odd).toString("base64url");
    expect(text).toMatch(/[-_]/);
    expect(search.scan(text, "file").map(({ form }) => form)).toEqual(["base64url"]);
  });

  test.each(["toLowerCase", "toUpperCase"] as const)("hexadecimal, %s", (change) =>
    expect(formsIn(Buffer.from(value).toString("hex")[change]())).toEqual(["hex"]),
  );

  test("as base64gzip makes it, in JSON", () => {
    const text = Buffer.from(gzipSync(Buffer.from(`user data\n${value}`))).toString("base64");
    for (const written of [text, text.replaceAll("/", "\\/").replaceAll("+", "\\u002b")]) {
      expect(scanner.scan(`{"user_data":"${written}"}`, "file")).toEqual([
        expect.objectContaining({ form: "plain", member: "base64gzip" }),
      ]);
    }
  });

  test("as Basic authentication, after the client's id", () =>
    expect(formsIn(Buffer.from(`some-client:${value}`).toString("base64"))).toContain("base64"));
});

describe("the scan", () => {
  test("finds nothing in a text without a secret", () => {
    expect(scanner.scan(`CANARY/na-prod/deployer, ${"x".repeat(10_000)}CANA`, "file")).toEqual([]);
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
    const other = {
      org: "eu-prod",
      credential: "planner",
      value: "CANARY/eu-prod/planner+fedcba=",
    };
    const both = new SecretScanner([secret, other]);
    expect(both.scan(other.value, "na-prod.tfstate")).toMatchObject([{ org: "eu-prod" }]);
  });

  test("finds secrets that are added later", () => {
    const learning = new SecretScanner([]);
    expect(learning.scan(value, "file")).toEqual([]);
    learning.add(secret);
    expect(learning.scan(value, "file")).toHaveLength(1);
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
    expect(scanner.scan(gzipSync(Buffer.from(value)), "log.gz")).toMatchObject([{ form: "plain" }]);
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

  test("describes a finding in one line, without the secret", () => {
    const [found] = scanner.scan(zipSync({ tfplan: Buffer.from(value) }), "first.tfplan");
    expect(found && describeFinding(found)).toBe(
      `first.tfplan (tfplan): ${value.length} bytes of the secret na-prod/deployer, plain`,
    );
  });
});
