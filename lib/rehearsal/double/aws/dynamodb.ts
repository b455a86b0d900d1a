import { Refusal } from "../core/refusal";
import { valuesAt } from "../core/schema";
import { type ObjectValue, text, UNKNOWN } from "../core/value";
import { ARN, type AwsService, arnOf } from "./common";

const projection = { oneOf: ["ALL", "INCLUDE", "KEYS_ONLY"] };

/** Tables. */
export const dynamoDb: AwsService = {
  resources: {
    aws_dynamodb_table: {
      forceNew: [
        "hash_key",
        "import_table.s3_bucket_source",
        "local_secondary_index",
        "name",
        "range_key",
        "restore_date_time",
        "restore_to_latest_time",
      ],
      conflicts: {
        import_table: ["restore_source_name", "restore_source_table_arn"],
        on_demand_throughput: ["read_capacity", "write_capacity"],
        restore_source_name: ["restore_source_table_arn"],
      },
      limits: {
        billing_mode: { oneOf: ["PROVISIONED", "PAY_PER_REQUEST"] },
        restore_source_table_arn: ARN,
        stream_view_type: {
          oneOf: ["", "KEYS_ONLY", "NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE"],
        },
        table_class: { oneOf: ["STANDARD", "STANDARD_INFREQUENT_ACCESS"] },
        "attribute.type": { oneOf: ["B", "N", "S"] },
        "global_secondary_index.projection_type": projection,
        "local_secondary_index.projection_type": projection,
        "point_in_time_recovery.recovery_period_in_days": { min: 1, max: 35 },
        "replica.consistency_mode": { oneOf: ["EVENTUAL", "STRONG"] },
        "replica.kms_key_arn": ARN,
        "server_side_encryption.kms_key_arn": ARN,
      },
      defaults: { billing_mode: "PROVISIONED" },
      computed: ({ planned }, at) => {
        const name = text(planned, "name") ?? "";
        const arn = arnOf("dynamodb", at, `table/${name}`);
        const label = planned.stream_enabled === true ? "2026-01-01T00:00:00.000" : "";
        const stream = label && `${arn}/stream/${label}`;
        return { id: name, arn, stream_arn: stream, stream_label: label, stream_view_type: "" };
      },
      nested: { "point_in_time_recovery.recovery_period_in_days": 35 },
      plan: checkTable,
    },
  },
};

const KEYS = [
  "hash_key",
  "range_key",
  "global_secondary_index.hash_key",
  "global_secondary_index.range_key",
  "local_secondary_index.range_key",
];

/**
 * Refuses a table that the provider refuses when it plans.
 * @throws Refusal
 */
function checkTable(planned: ObjectValue, prior: ObjectValue | null): undefined {
  const problems = [...keyProblems(planned), ...(prior ? [] : capacityProblems(planned))];
  if (problems.length > 0) throw new Refusal(problems.join("\n"));
}

/** Checks that every key is a declared attribute, and every declared attribute a key. */
function keyProblems(planned: ObjectValue): string[] {
  const keys = KEYS.flatMap((path) => valuesAt(planned, path));
  const attributes = valuesAt(planned, "attribute.name");
  if ([...keys, ...attributes].includes(UNKNOWN)) return [];
  const unused = attributes.filter((name) => !keys.includes(name));
  const unmatched = keys.filter((key) => key !== null && !attributes.includes(key));
  const list = (names: unknown[]) => JSON.stringify([...new Set(names)].sort());
  return [
    ...(unused.length
      ? [`all attributes must be indexed. Unused attributes: ${list(unused)}`]
      : []),
    ...(unmatched.length
      ? [`all indexes must match a defined attribute. Unmatched indexes: ${list(unmatched)}`]
      : []),
  ];
}

function capacityProblems({ billing_mode, ...planned }: ObjectValue): string[] {
  if (planned.restore_source_name) return [];
  return ["read_capacity", "write_capacity"].flatMap((name) => {
    // A capacity that is left out is not known yet.
    const capacity = typeof planned[name] === "number" ? planned[name] : 0;
    if (billing_mode === "PROVISIONED" && capacity < 1) {
      return [`${name} must be at least 1 when billing_mode is "PROVISIONED"`];
    }
    return billing_mode === "PAY_PER_REQUEST" && capacity !== 0
      ? [`${name} can not be set when billing_mode is "PAY_PER_REQUEST"`]
      : [];
  });
}
