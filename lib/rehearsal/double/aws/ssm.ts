import { Refusal } from "../core/refusal";
import { equal, type ObjectValue, text, UNKNOWN } from "../core/value";
import { type AwsService, arnOf } from "./common";

/** Parameters. */
export const ssm: AwsService = {
  resources: {
    aws_ssm_parameter: {
      forceNew: ["data_type", "name"],
      exactlyOneOf: [["insecure_value", "value", "value_wo"]],
      requires: { value_wo: ["value_wo_version"], value_wo_version: ["value_wo"] },
      limits: {
        allowed_pattern: { maxLength: 1024 },
        data_type: { oneOf: ["aws:ec2:image", "aws:ssm:integration", "text"] },
        description: { maxLength: 1024 },
        name: { minLength: 1, maxLength: 2048 },
        tier: { oneOf: ["Standard", "Advanced", "Intelligent-Tiering"] },
        type: { oneOf: ["String", "StringList", "SecureString"] },
      },
      computed: ({ planned, config, prior }, at) => {
        const name = text(planned, "name") ?? "";
        return {
          id: name,
          arn: arnOf("ssm", at, `parameter/${name.replace(/^\//, "")}`),
          version: Number(prior?.version ?? 0) + 1,
          data_type: "text",
          tier: "Standard",
          // The value of a plain text parameter is reported under this name as well.
          insecure_value: config.insecure_value ?? null,
          value: config.insecure_value ?? "",
          has_value_wo: typeof config.value_wo === "string",
        };
      },
      plan: planParameter,
    },
  },
};

const STANDARD_LENGTH = 4096;

function planParameter(planned: ObjectValue, prior: ObjectValue | null): undefined {
  const value = text(planned, "value") ?? text(planned, "insecure_value") ?? "";
  const standard = planned.tier === UNKNOWN || planned.tier === "Standard";
  if (standard && Buffer.byteLength(value) > STANDARD_LENGTH) {
    throw new Refusal(
      "ValidationException",
      `Standard tier parameters support a maximum parameter value of ${STANDARD_LENGTH} characters, got ${Buffer.byteLength(value)}: set tier to "Advanced".`,
    );
  }
  if (prior === null) return;
  const changed = (name: string) => !equal(prior[name], planned[name]);
  if (changed("insecure_value")) planned.value = UNKNOWN;
  if (changed("value") || changed("description")) planned.version = UNKNOWN;
  if (changed("value_wo_version")) planned.has_value_wo = UNKNOWN;
}
