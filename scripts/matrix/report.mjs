// The result of the matrix, as a table for the terminal and as a page.
import Table from "cli-table3";

const HEAD = ["leg", "Node.js", "engine", "framework", "AWS bindings", "result", "date", "seconds"];

const failed = ({ checks }) => checks.filter(({ passed }) => !passed);

function rowOf(result) {
  const { node = "", engine = "", framework = "", aws = "" } = result.versions;
  const failures = failed(result).map(({ check, result }) =>
    `${check}: ${result}`.replace(/\s+/g, " "),
  );
  const passed = failures.length === 0 ? "passed" : `failed: ${failures.join("; ")}`;
  return [result.leg, node, engine, framework, aws, passed, result.date, result.seconds];
}

export function asTable(results) {
  const table = new Table({ head: HEAD, style: { head: [], border: [] }, wordWrap: true });
  for (const result of results) table.push(rowOf(result));
  return table.toString();
}

export function asMarkdown(results) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const head = HEAD.slice(0, -1);
  const rows = results.map((result) => line(rowOf(result).slice(0, -1)));
  const checks = [...new Set(results.flatMap(({ checks }) => checks.map(({ check }) => check)))];
  const cells = checks.map((check) => {
    const ran = results.flatMap(({ leg, checks }) =>
      checks.filter((each) => each.check === check).map(({ result }) => ({ leg, result })),
    );
    const same = new Set(ran.map(({ result }) => result)).size === 1;
    const text = same
      ? ran[0].result
      : ran.map(({ leg, result }) => `${leg}: ${result}`).join(", ");
    return line([check, text, ran.length]);
  });
  return `# Engines, Node.js and frameworks

${INTRODUCTION}

${line(head)}
${line(head.map(() => "---"))}
${rows.join("\n")}

${line(["check", "result", "legs"])}
${line(["---", "---", "---"])}
${cells.join("\n")}

${LIMITS}
`;
}

const INTRODUCTION = `\`npm run matrix -- --markdown docs/engines.md\` writes this page. It runs the product on each version below: it
rehearses all organisations of the sample registry, and runs the tests that depend on the version. A leg of a framework
rehearses with the packed library, installed in an empty project. \`npm run matrix -- --help\` shows the legs. The
nightly workflow runs all of them.`;

const LIMITS = `- cdktf-cli 0.21 does not run on Node.js 24: its package node-pty has no build for it. Neither the library nor
  \`genesys-orgs\` needs it.
- \`cdktn-0.24-aws-25\` has the AWS bindings of CDK Terrain: \`"@cdktf/provider-aws": "npm:@cdktn/provider-aws@25"\`, and
  \`"cdktn": "0.24"\`, the name by which they require it. There are no such Vault bindings on npm.
- Terraform writes a state of more than 5 MB in parts, OpenTofu in one request. Both name the organisation's key.
- Newer versions of Terraform or OpenTofu than these were not tried. \`engines\` and the peers of the package admit only
  what was.`;
