import { resolve } from "node:path";
import { evaluateExport } from "../../../existing/exported/evaluate-export";
import { type ExportBlock, readExport } from "../../../existing/exported/export-blocks";
import { exportIds } from "../../../existing/exported/export-ids";
import { type ExportedStack, exportedStack } from "../../../existing/exported/exported-stack";
import { IdsAsLocals } from "../../../existing/exported/ids-as-locals";
import { OBJECT_TYPES } from "../../../existing/types";
import type { ProviderSchema } from "../../../rehearsal/double/core/schema";
import { requireTerraform } from "../../../terraform/binary";
import type { Io } from "../../terminal/io";

/** The files of `genesyscloud_tf_export`, as Terraform evaluates them. */
export interface ReadExport {
  /** The folder, as it was named. */
  readonly folder: string;
  readonly exported: ExportedStack;
  /** Ids of its objects by their addresses. None without a state. */
  readonly stateIds: ReadonlyMap<string, string>;
  /** The file with its state, if there is one. */
  readonly state?: string;
  /** Addresses of all its resources. */
  readonly addresses: readonly string[];
  /** How many resources it has of types that are not known here. */
  readonly otherTypes: Readonly<Record<string, number>>;
}

/** Reads the files of an export. @throws UserError that names the file, or has Terraform's own words */
export async function readExported(
  io: Io,
  from: string,
  schema: ProviderSchema,
): Promise<ReadExport> {
  const folder = resolve(io.cwd, from);
  const files = readExport(folder, isRead);
  const stateIds = files.state === undefined ? new Map<string, string>() : exportIds(files.state);
  const ids = new IdsAsLocals();
  const blocks = files.blocks.filter((block) => isEvaluated(block, schema));
  const terraform = await requireTerraform(io, "install it: Terraform reads the export");
  const evaluation = await evaluateExport({ files, blocks, ids, schema, terraform });
  const resources = files.blocks.filter(({ section }) => section === "resource");
  const otherTypes: Record<string, number> = {};
  for (const { labels } of resources) {
    const [type = ""] = labels;
    if (!isRead(type)) otherTypes[type] = (otherTypes[type] ?? 0) + 1;
  }
  return {
    folder: from,
    exported: exportedStack({ evaluation, ids, stateIds, schema }),
    stateIds,
    ...(files.state && { state: files.state }),
    addresses: resources.map(({ labels }) => labels.join(".")),
    otherTypes,
  };
}

const isRead = (type: string): boolean => OBJECT_TYPES.some((known) => known.type === type);

const isEvaluated = ({ section, labels }: ExportBlock, schema: ProviderSchema): boolean =>
  section === "resource"
    ? isRead(labels[0] ?? "")
    : section !== "data" || (labels[0] ?? "") in (schema.data_source_schemas ?? {});
