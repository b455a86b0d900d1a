import { digest, uuid } from "../core/made-up-values";
import { Refusal } from "../core/refusal";
import { type ObjectValue, text } from "../core/value";
import { ARN, type AwsService, arnOf, JSON_DOCUMENT, nameAndPrefix, named, nameOf } from "./common";

/** Secrets, their versions, policies and rotation. */
export const secretsManager: AwsService = {
  resources: {
    aws_secretsmanager_secret: {
      unique: ["name"],
      ...named,
      limits: {
        description: { maxLength: 2048 },
        name: { minLength: 1, maxLength: 512, pattern: "^[\\w/+=.@-]+$" },
        policy: JSON_DOCUMENT,
        recovery_window_in_days: { min: 7, max: 30, or: 0 },
      },
      defaults: { recovery_window_in_days: 30 },
      computed: (object, at) => {
        const name = nameOf(object);
        const suffix = digest(object.seed, "suffix").slice(0, 6);
        const arn = arnOf("secretsmanager", at, `secret:${name}-${suffix}`);
        return { ...nameAndPrefix(object, name), arn, id: arn, policy: "" };
      },
    },
    aws_secretsmanager_secret_policy: {
      forceNew: ["secret_arn"],
      limits: { policy: JSON_DOCUMENT, secret_arn: ARN },
      computed: ({ planned }) => ({ id: planned.secret_arn ?? null }),
    },
    aws_secretsmanager_secret_rotation: {
      forceNew: ["secret_id"],
      exactlyOneOf: [
        ["rotation_rules.automatically_after_days", "rotation_rules.schedule_expression"],
      ],
      limits: {
        rotation_lambda_arn: ARN,
        "rotation_rules.automatically_after_days": { min: 1, max: 1000 },
        "rotation_rules.duration": { pattern: "^\\d+h$" },
        // On the hour, in every year, at least four hours apart.
        "rotation_rules.schedule_expression": {
          maxLength: 256,
          pattern:
            "^(cron\\(0 +(\\S+ +){4}\\*\\)|rate\\((([4-9]|[1-9]\\d+) hours|[1-9]\\d* days?)\\))$",
        },
      },
      defaults: { rotate_immediately: true },
      computed: ({ planned }) => ({
        id: planned.secret_id ?? null,
        rotation_enabled: true,
      }),
    },
    aws_secretsmanager_secret_version: {
      forceNew: ["secret_binary", "secret_id", "secret_string", "secret_string_wo_version"],
      conflicts: {
        secret_binary: ["secret_string", "secret_string_wo"],
        secret_string: ["secret_string_wo"],
      },
      requires: {
        secret_string_wo: ["secret_string_wo_version"],
        secret_string_wo_version: ["secret_string_wo"],
      },
      computed: ({ planned, config, seed }) => {
        const version = uuid(seed, "version");
        const viaWriteOnly = typeof config.secret_string_wo === "string";
        return {
          arn: planned.secret_id ?? null,
          id: `${String(planned.secret_id)}|${version}`,
          version_id: version,
          version_stages: ["AWSCURRENT"],
          secret_string: "",
          has_secret_string_wo: viaWriteOnly,
        };
      },
    },
  },
  ephemeralResources: {
    // Every secret outside of `/genesys/` exists as well, with a value that is made up.
    aws_secretsmanager_secret_version: {
      read: (query, { account, region: own, secrets }): ObjectValue => {
        const name = nameIn(text(query, "secret_id") ?? "");
        const region = text(query, "region") ?? own;
        const found = secrets.find(
          (secret) =>
            secret.account === account && secret.region === region && secret.name === name,
        );
        if (found) {
          return {
            region,
            secret_string: JSON.stringify(found.data),
            version_stages: ["AWSCURRENT"],
          };
        }
        if (!name.startsWith("/genesys/")) return {};
        throw new Refusal(
          `reading Secrets Manager Secret Versions (${name}): couldn't find resource`,
          `AWS account ${account}, region ${region}`,
        );
      },
    },
  },
};

/** The name of a secret that is given by its name, its ARN, or an ARN without the suffix of AWS. */
const nameIn = (id: string): string =>
  id.startsWith("arn:") ? id.replace(/^.*:secret:/, "").replace(/-[A-Za-z0-9]{6}$/, "") : id;
