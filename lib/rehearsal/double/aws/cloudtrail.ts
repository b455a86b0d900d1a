import { ARN, type AwsService, arnOf, nameOf } from "./common";

/** Trails. */
export const cloudtrail: AwsService = {
  resources: {
    aws_cloudtrail: {
      forceNew: ["name"],
      conflicts: {
        advanced_event_selector: ["event_selector"],
        event_selector: ["advanced_event_selector"],
      },
      limits: {
        cloud_watch_logs_group_arn: ARN,
        cloud_watch_logs_role_arn: ARN,
        kms_key_id: ARN,
        name: { minLength: 3, maxLength: 128 },
        s3_key_prefix: { maxLength: 2000 },
        "advanced_event_selector.field_selector.field": {
          oneOf: [
            "errorCode",
            "eventCategory",
            "eventName",
            "eventSource",
            "eventType",
            "readOnly",
            "resources.ARN",
            "resources.type",
            "sessionCredentialFromConsole",
            "userIdentity.arn",
            "vpcEndpointId",
          ],
        },
        "advanced_event_selector.name": { maxLength: 1000 },
      },
      defaults: {
        enable_log_file_validation: false,
        enable_logging: true,
        include_global_service_events: true,
        is_multi_region_trail: false,
        is_organization_trail: false,
      },
      computed: (object, at) => {
        const arn = arnOf("cloudtrail", at, `trail/${nameOf(object)}`);
        return { id: arn, arn, home_region: at.region, sns_topic_arn: "" };
      },
    },
  },
};
