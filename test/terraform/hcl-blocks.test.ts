import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { hclBlocks } from "../../lib/terraform/hcl-blocks";
import { modulesOf, readModule } from "../../lib/terraform/local-modules";
import { temporaryFolder } from "../support/folders";

const headers = (text: string) => hclBlocks(text).map(({ header }) => header.join(" "));

describe("the blocks of an HCL text", () => {
  test("are those at its top level, with their labels", () => {
    const text =
      'resource "a_b" "c" {\n  nested {\n    x = { y = 1 }\n  }\n}\nlocals {}\nprovider a {}\n';
    expect(headers(text)).toEqual(["resource a_b c", "locals", "provider a"]);
    expect(hclBlocks(text)[0]?.body).toContain("nested {");
  });

  test.each([
    ["a comment", "# {\n// {\n/* {\n{ */"],
    ["a text", 'x = "{ \\" {"'],
    ["an expression in a text", 'x = "${join("}", ["{", "a"])} {"'],
    ["an escaped expression", 'x = "$${ {"'],
    ["a heredoc", 'x = <<EOT\n{ " {\nEOT'],
    ["an indented heredoc", "x = <<-EOT\n    { {\n    EOT"],
  ])("do not end or begin with a brace in %s", (_where, line) => {
    expect(headers(`locals {\n${line}\n}\noutput "o" {\n${line}\n}\n`)).toEqual([
      "locals",
      "output o",
    ]);
  });
});

describe("a module", () => {
  test("is read from HCL and from JSON", () => {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, "main.tf"),
      `terraform {
  required_providers {
    google-beta = {
      version = "~> 6.0"
      source  = "hashicorp/google-beta"
    }
  }
}
provider "aws" {}
resource "google_storage_bucket" "b" {
  provider = google-beta.other
}
data "aws_vpc" "v" {}
ephemeral "random_password" "p" {}
check "c" {
  data "http" "h" {}
}
module "inner" {
  source = "./inner"
}
`,
    );
    const json = { resource: [{ aws_sns_topic: { t: {} } }, { aws_vpc: { v: {} } }] };
    writeFileSync(join(folder, "more.tf.json"), JSON.stringify(json));
    expect(readModule(folder)).toEqual({
      terraform: { required_providers: { "google-beta": { source: "hashicorp/google-beta" } } },
      provider: { aws: {} },
      resource: {
        google_storage_bucket: { b: { provider: "google-beta" } },
        aws_sns_topic: { t: {} },
        aws_vpc: { v: {} },
      },
      data: { aws_vpc: { v: { provider: undefined } } },
      ephemeral: { random_password: { p: { provider: undefined } } },
      check: { c: { data: { http: { h: { provider: undefined } } } } },
      module: { inner: { source: "./inner" } },
    });
  });

  test("that calls itself is read once, and one from elsewhere is named", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "main.tf"), 'module "again" {\n  source = "./."\n}\n');
    const stack = { module: { a: { source: folder }, b: { source: "example/network/aws" } } };
    const { parts, remote } = modulesOf(stack, "/");
    expect(parts).toHaveLength(2);
    expect(remote).toEqual(["example/network/aws"]);
  });
});
