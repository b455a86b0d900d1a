import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors";
import { ProviderDouble } from "../../rehearsal/double/core/provider-double";
import type { ProviderSchema } from "../../rehearsal/double/core/schema";
import { serve } from "../../rehearsal/double/core/server";
import type { TerraformRun } from "../../terraform/binary";
import { runChild } from "../../terraform/child";
import { removeFolder, temporaryFolder } from "../../terraform/cleanup";
import { failureText } from "../../terraform/diagnostics";
import { rehearsalEnvironment } from "../../terraform/environment";
import { REGISTRY } from "../../terraform/provider-source";
import type { Body } from "../configuration/literals";
import type { ExportBlock, ExportFiles } from "./export-blocks";
import type { IdsAsLocals } from "./ids-as-locals";
import { tolerantSchema } from "./tolerant-schema";

/** A resource or data source as Terraform evaluates it. */
export interface EvaluatedBlock {
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  /** There is one for `count` and `for_each`. */
  readonly index?: unknown;
  readonly values: Body;
  readonly sensitive_values?: Body;
}

/** What Terraform says of an export. */
export interface Evaluation {
  readonly blocks: readonly EvaluatedBlock[];
  /** Variables that each argument of a resource uses, by the resource's address and the argument. */
  readonly variables: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
  /** Variables that have no value here: no default and no entry in a file of values, or a secret. */
  readonly withoutValue: ReadonlySet<string>;
}

interface Values {
  readonly root_module?: { readonly resources?: readonly EvaluatedBlock[] };
}

interface Plan {
  readonly planned_values?: Values;
  readonly prior_state?: { readonly values?: Values };
  readonly variables?: Readonly<Record<string, { readonly value?: unknown }>>;
  readonly configuration?: {
    readonly root_module?: {
      readonly resources?: readonly {
        readonly address: string;
        readonly expressions?: Readonly<Record<string, unknown>>;
      }[];
    };
  };
}

/** Properties of {@link evaluateExport}. */
export interface EvaluateProps {
  readonly files: ExportFiles;
  /** Blocks that Terraform gets; all others stay where they are. */
  readonly blocks: readonly ExportBlock[];
  readonly ids: IdsAsLocals;
  /** The Genesys Cloud provider. */
  readonly schema: ProviderSchema;
  readonly terraform: TerraformRun;
}

/**
 * Lets Terraform evaluate blocks of an export, in a folder that only this user may read, with a provider that
 * connects to nothing.
 *
 * @throws UserError with Terraform's own words
 */
export async function evaluateExport(props: EvaluateProps): Promise<Evaluation> {
  const { files, blocks, schema, terraform } = props;
  const folder = temporaryFolder("genesys-orgs-export-");
  const double = new ProviderDouble({
    name: "genesyscloud",
    schema: tolerantSchema(schema, blocks),
    behaviour: { rules: {}, configure: () => ({ scope: "export" }) },
    seed: "export",
  });
  const doubles = await serve(new Map([[`${REGISTRY}/${SOURCE}`, double]]));
  try {
    writeFiles(folder, props);
    const home = join(folder, "home");
    mkdirSync(home);
    const additions = { HOME: home, TF_REATTACH_PROVIDERS: doubles.reattach };
    const { TF_CLI_ARGS: _, ...given } = terraform.env;
    const env = rehearsalEnvironment(given, additions);
    const run = async (...args: string[]): Promise<string> => {
      const { signal, binary } = terraform;
      const result = await runChild({ command: binary.path, args, cwd: folder, env, signal });
      if (result.code === 0) return result.stdout;
      signal.throwIfAborted();
      throw new UserError(
        `${files.folder}: Terraform cannot read the export:\n${withoutSource(failureText(result))}\nMake \`terraform validate\` in this folder succeed first, or leave the object out of the export`,
      );
    };
    await run("init", "-input=false", "-no-color");
    await run(
      "plan",
      "-input=false",
      "-no-color",
      "-lock=false",
      `-var-file=${NO_VALUES}`,
      "-out=plan",
    );
    return evaluationOf(JSON.parse(await run("show", "-json", "plan")));
  } finally {
    doubles.stop();
    removeFolder(folder);
  }
}

const SOURCE = "mypurecloud/genesyscloud";
/** Our own files. The names of an export's files are those of types. */
const OWN_FILE = "genesys-orgs-export.tf.json";
const NO_VALUES = "genesys-orgs-no-values.json";

function writeFiles(folder: string, { files, blocks, ids }: EvaluateProps): void {
  const texts = new Map<string, string[]>();
  const json = new Map<string, ExportBlock[]>();
  for (const block of blocks) {
    const { file, body } = block;
    if (typeof body === "string") {
      texts.set(file, [...(texts.get(file) ?? []), ids.written(hclOf(block, body))]);
    } else {
      json.set(file, [...(json.get(file) ?? []), block]);
    }
  }
  for (const [file, parts] of texts) writeFileSync(join(folder, file), `${parts.join("\n\n")}\n`);
  for (const [file, found] of json) {
    writeFileSync(join(folder, file), ids.written(JSON.stringify(found.map(jsonOf))));
  }
  for (const name of files.values) copyFileSync(join(files.folder, name), join(folder, name));
  const noValues = blocks.filter(isSecretVariable).map(({ labels }) => [labels[0], null]);
  writeFileSync(join(folder, NO_VALUES), JSON.stringify(Object.fromEntries(noValues)));
  const own = {
    terraform: { required_providers: { genesyscloud: { source: SOURCE } } },
    locals: ids.locals(),
  };
  writeFileSync(join(folder, OWN_FILE), JSON.stringify(own));
}

/** What would need other blocks. The order in which objects are made does not count here. */
const META = /^[ \t]*(?:depends_on\s*=\s*\[[^\]]*\]|provider\s*=\s*[\w."]+)[ \t]*$/gm;

function hclOf({ section, labels }: ExportBlock, body: string): string {
  const header = [section, ...labels.map((label) => JSON.stringify(label))].join(" ");
  if (section !== "variable") return `${header} {${body.replace(META, "")}}`;
  return /^\s*default\s*=/m.test(body)
    ? `${header} {${body}}`
    : `${header} {${body}\n  default = null\n}`;
}

function jsonOf({ section, labels, body }: ExportBlock): Body {
  const { depends_on: _, provider: __, ...rest } = body as Body;
  const content = section === "variable" ? { default: null, ...(body as Body) } : rest;
  const nested = labels.reduceRight<Body>((inner, label) => ({ [label]: inner }), content);
  return { [section]: nested };
}

const isSecretVariable = ({ section, body }: ExportBlock): boolean =>
  section === "variable" &&
  (typeof body === "string" ? /^\s*sensitive\s*=\s*true/m.test(body) : body.sensitive === true);

function evaluationOf({
  planned_values,
  prior_state,
  variables = {},
  configuration,
}: Plan): Evaluation {
  const resourcesIn = (values?: Values) => values?.root_module?.resources ?? [];
  return {
    blocks: [
      ...resourcesIn(planned_values).filter(({ mode }) => mode === "managed"),
      ...resourcesIn(prior_state?.values).filter(({ mode }) => mode === "data"),
    ],
    variables: new Map(
      (configuration?.root_module?.resources ?? []).map(({ address, expressions = {} }) => [
        address,
        new Map(Object.entries(expressions).map(([name, value]) => [name, variablesIn(value)])),
      ]),
    ),
    withoutValue: new Set(
      Object.entries(variables)
        .filter(([, { value }]) => value === null || value === undefined)
        .map(([name]) => name),
    ),
  };
}

/** Returns the names of variables in the expressions of an argument. */
function variablesIn(expression: unknown): string[] {
  const text = JSON.stringify(expression);
  const names = [...text.matchAll(/"var\.([\w-]+)"/g)].map(([, name = ""]) => name);
  return [...new Set(names)];
}

/** The lines of the files may have secrets, and their numbers are those of our copies. */
const withoutSource = (text: string): string =>
  text
    .replace(/^ *\d+: .*$/gm, "")
    .replace(/^.*[├│].*$/gm, "")
    .replace(/(^ *on \S+) line \d+/gm, "$1")
    .replace(/:?\n{2,}/g, "\n");
