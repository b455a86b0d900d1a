import type { ProviderRules } from "../core/rules";

/** From the schema definitions of mypurecloud/genesyscloud 1.84.1. */
export const genesyscloudRules: ProviderRules = {
  provider: {
    values: {
      aws_region: {
        oneOf: [
          "tca",
          "us-east-2",
          "me-central-1",
          "us-west-2",
          "ap-northeast-2",
          "ap-northeast-3",
          "eusc-de-east-1",
          "dca",
          "eu-west-2",
          "ap-southeast-2",
          "ap-south-1",
          "ap-southeast-1",
          "us-east-1",
          "eu-west-1",
          "ap-northeast-1",
          "eu-central-1",
          "ca-central-1",
          "sa-east-1",
          "eu-central-2",
          "mx-central-1",
        ],
        ignoreCase: true,
      },
      max_concurrent_pages: {
        min: 1,
        max: 75,
      },
      sdk_debug_format: {
        oneOf: ["Text", "Json"],
      },
      token_pool_size: {
        min: 1,
        max: 50,
      },
    },
    defaults: {
      custom_retry_timeout: "5m",
      log_stack_traces: false,
      log_stack_traces_file_path: "genesyscloud_stack_traces.log",
      max_concurrent_pages: 1,
      sdk_client_pool_debug: false,
      sdk_debug: false,
      sdk_debug_file_path: "sdk_debug.log",
      sdk_debug_format: "Text",
      token_acquire_timeout: "5m0s",
      token_init_timeout: "10m0s",
      token_pool_size: 10,
    },
  },
  resources: {
    genesyscloud_auth_division: {
      unique: ["name"],
      forceNew: ["home"],
    },
    genesyscloud_auth_role: {
      forceNew: ["default_role_id"],
      values: {
        "permission_policies.conditions.conjunction": {
          oneOf: ["AND", "OR"],
        },
        "permission_policies.conditions.terms.operands.type": {
          oneOf: ["USER", "QUEUE", "SCALAR", "VARIABLE"],
        },
        "permission_policies.conditions.terms.operator": {
          oneOf: ["EQ", "IN", "GE", "GT", "LE", "LT"],
        },
      },
    },
    genesyscloud_oauth_client: {
      values: {
        access_token_validity_seconds: {
          min: 300,
          max: 38880000,
        },
        authorized_grant_type: {
          oneOf: ["CODE", "TOKEN", "SAML2BEARER", "SAML2-BEARER", "PASSWORD", "CLIENT-CREDENTIALS"],
        },
        state: {
          oneOf: ["active", "inactive"],
        },
      },
      defaults: {
        access_token_validity_seconds: 86400,
        expose_client_secret: false,
        state: "active",
      },
    },
    genesyscloud_routing_queue: {
      unique: ["name"],
      conflictsWith: {
        ignore_members: ["members"],
      },
      values: {
        acw_timeout_ms: {
          min: 0,
          max: 86400000,
        },
        acw_wrapup_prompt: {
          oneOf: [
            "MANDATORY",
            "OPTIONAL",
            "MANDATORY_TIMEOUT",
            "MANDATORY_FORCED_TIMEOUT",
            "AGENT_REQUESTED",
          ],
        },
        "bullseye_rings.expansion_timeout_seconds": {
          min: 0,
          max: 259200,
        },
        "bullseye_rings.member_groups.member_group_type": {
          oneOf: ["TEAM", "GROUP", "SKILLGROUP"],
        },
        "canned_response_libraries.mode": {
          oneOf: ["All", "SelectedOnly", "None"],
        },
        "conditional_group_activation.pilot_rule.conditions.operator": {
          oneOf: [
            "GreaterThan",
            "LessThan",
            "GreaterThanOrEqualTo",
            "LessThanOrEqualTo",
            "EqualTo",
            "NotEqualTo",
          ],
        },
        "conditional_group_activation.pilot_rule.conditions.simple_metric.metric": {
          oneOf: ["EstimatedWaitTime", "ServiceLevel", "IdleAgentCount"],
        },
        "conditional_group_activation.rules.conditions.operator": {
          oneOf: [
            "GreaterThan",
            "LessThan",
            "GreaterThanOrEqualTo",
            "LessThanOrEqualTo",
            "EqualTo",
            "NotEqualTo",
          ],
        },
        "conditional_group_activation.rules.conditions.simple_metric.metric": {
          oneOf: ["EstimatedWaitTime", "ServiceLevel", "IdleAgentCount"],
        },
        "conditional_group_activation.rules.groups.member_group_type": {
          oneOf: ["TEAM", "GROUP", "SKILLGROUP"],
        },
        "conditional_group_routing_rules.condition_value": {
          min: 0,
          max: 259200,
        },
        "conditional_group_routing_rules.groups.member_group_type": {
          oneOf: ["TEAM", "GROUP", "SKILLGROUP"],
        },
        "conditional_group_routing_rules.operator": {
          oneOf: ["GreaterThan", "LessThan", "GreaterThanOrEqualTo", "LessThanOrEqualTo"],
        },
        "conditional_group_routing_rules.wait_seconds": {
          min: 0,
          max: 259200,
        },
        last_agent_routing_mode: {
          oneOf: ["Disabled", "QueueMembersOnly", "AnyAgent"],
        },
        "media_settings_call.alerting_timeout_sec": {
          min: 7,
        },
        "media_settings_call.service_level_duration_ms": {
          min: 1000,
        },
        "media_settings_call.service_level_percentage": {
          min: 0,
          max: 1,
        },
        "media_settings_callback.alerting_timeout_sec": {
          min: 7,
        },
        "media_settings_callback.max_retry_count": {
          min: 0,
          max: 20,
        },
        "media_settings_callback.mode": {
          oneOf: ["AgentFirst", "CustomerFirst"],
        },
        "media_settings_callback.pacing_modifier": {
          min: 1,
        },
        "media_settings_callback.retry_delay_seconds": {
          min: 60,
          max: 86400,
        },
        "media_settings_callback.service_level_duration_ms": {
          min: 1000,
        },
        "media_settings_callback.service_level_percentage": {
          min: 0,
          max: 1,
        },
        "media_settings_chat.alerting_timeout_sec": {
          min: 7,
        },
        "media_settings_chat.service_level_duration_ms": {
          min: 1000,
        },
        "media_settings_chat.service_level_percentage": {
          min: 0,
          max: 1,
        },
        "media_settings_email.alerting_timeout_sec": {
          min: 7,
        },
        "media_settings_email.service_level_duration_ms": {
          min: 1000,
        },
        "media_settings_email.service_level_percentage": {
          min: 0,
          max: 1,
        },
        "media_settings_message.alerting_timeout_sec": {
          min: 7,
        },
        "media_settings_message.inactivity_timeout_settings.action_type": {
          oneOf: ["DISCONNECT", "SEND_TO_ARCHITECT_FLOW"],
        },
        "media_settings_message.service_level_duration_ms": {
          min: 1000,
        },
        "media_settings_message.service_level_percentage": {
          min: 0,
          max: 1,
        },
        "members.ring_num": {
          min: 1,
          max: 6,
        },
        "routing_rules.operator": {
          oneOf: ["MEETS_THRESHOLD", "ANY"],
        },
        "routing_rules.wait_seconds": {
          min: 2,
          max: 259200,
        },
        scoring_method: {
          oneOf: ["TimestampAndPriority", "PriorityOnly"],
        },
        skill_evaluation_method: {
          oneOf: ["NONE", "BEST", "ALL"],
        },
      },
      defaults: {
        acw_wrapup_prompt: "MANDATORY_TIMEOUT",
        auto_answer_only: true,
        "conditional_group_routing_rules.metric": "EstimatedWaitTime",
        "conditional_group_routing_rules.wait_seconds": 2,
        "direct_routing.agent_wait_seconds": 60,
        "direct_routing.call_use_agent_address_outbound": true,
        "direct_routing.email_use_agent_address_outbound": true,
        "direct_routing.message_use_agent_address_outbound": true,
        "direct_routing.wait_for_agent": false,
        enable_manual_assignment: false,
        enable_transcription: false,
        "media_settings_call.enable_auto_answer": false,
        "media_settings_callback.enable_auto_answer": false,
        "media_settings_callback.enable_auto_dial_and_end": false,
        "media_settings_chat.enable_auto_answer": false,
        "media_settings_email.enable_auto_answer": false,
        "media_settings_message.enable_auto_answer": false,
        "members.ring_num": 1,
        "routing_rules.operator": "MEETS_THRESHOLD",
        "routing_rules.wait_seconds": 5,
        scoring_method: "TimestampAndPriority",
        skill_evaluation_method: "ALL",
        suppress_in_queue_call_recording: true,
      },
    },
  },
};
