import {
  at,
  block,
  blockSet,
  blocks,
  type Entity,
  entitiesAt,
  type Mapping,
  positive,
  type Raw,
  ref,
  refs,
  refTo,
  textAt,
  Unordered,
} from "./mapping";
import {
  DIVISION,
  FLOW,
  GROUP,
  LANGUAGE,
  LIBRARY,
  PROMPT,
  QUEUE,
  SCRIPT,
  SKILL,
  SKILL_GROUP,
  TEAM,
  USER,
  WRAPUP_CODE,
} from "./names";
import type { ObjectType } from "./object-type";

/** Skills. */
export const skill: ObjectType = {
  type: SKILL,
  plural: "skills",
  listings: [{ path: "/api/v2/routing/skills" }],
  isNone: ({ state }) => state === "deleted",
  mapping: { name: "name" },
};

/** Languages. */
export const language: ObjectType = {
  type: LANGUAGE,
  plural: "languages",
  listings: [{ path: "/api/v2/routing/languages" }],
  isNone: ({ state }) => state === "deleted",
  mapping: { name: "name" },
};

/** Wrap-up codes. */
export const wrapupCode: ObjectType = {
  type: WRAPUP_CODE,
  plural: "wrapup-codes",
  listings: [{ path: "/api/v2/routing/wrapupcodes" }],
  mapping: { name: "name", description: "description", division_id: ref(DIVISION, "division.id") },
};

const MEDIA: Mapping = {
  alerting_timeout_sec: positive("alertingTimeoutSeconds"),
  enable_auto_answer: "enableAutoAnswer",
  service_level_percentage: "serviceLevel.percentage",
  service_level_duration_ms: "serviceLevel.durationMs",
};

const MEDIA_WITH_TONES: Mapping = {
  ...MEDIA,
  auto_answer_alert_tone_seconds: "autoAnswerAlertToneSeconds",
  manual_answer_alert_tone_seconds: "manualAnswerAlertToneSeconds",
};

/** Queues with their members and wrap-up codes. */
export const queue: ObjectType = {
  type: QUEUE,
  plural: "queues",
  listings: [{ path: "/api/v2/routing/queues" }],
  details: [
    {
      name: "members",
      of: ({ id, memberCount }) =>
        memberCount === 0
          ? undefined
          : {
              path: `/api/v2/routing/queues/${id}/members?memberBy=user`,
              paging: "pages without a total",
            },
    },
    { name: "wrapupCodes", of: ({ id }) => ({ path: `/api/v2/routing/queues/${id}/wrapupcodes` }) },
  ],
  // Some are ids of objects whose names are not read.
  perOrg: [
    "calling_party_number",
    "peer_id",
    "outbound_messaging_sms_address_id",
    "outbound_messaging_whatsapp_recipient_id",
    "outbound_messaging_open_messaging_recipient_id",
    "outbound_email_address",
  ],
  mapping: {
    name: "name",
    description: "description",
    division_id: ref(DIVISION, "division.id"),
    skill_evaluation_method: "skillEvaluationMethod",
    scoring_method: "scoringMethod",
    acw_wrapup_prompt: "acwSettings.wrapupPrompt",
    acw_timeout_ms: "acwSettings.timeoutMs",
    auto_answer_only: "autoAnswerOnly",
    enable_transcription: "enableTranscription",
    enable_audio_monitoring: "enableAudioMonitoring",
    enable_manual_assignment: "enableManualAssignment",
    suppress_in_queue_call_recording: "suppressInQueueCallRecording",
    last_agent_routing_mode: "lastAgentRoutingMode",
    calling_party_name: "callingPartyName",
    calling_party_number: "callingPartyNumber",
    peer_id: "peerId",
    queue_flow_id: ref(FLOW, "queueFlow.id"),
    message_in_queue_flow_id: ref(FLOW, "messageInQueueFlow.id"),
    email_in_queue_flow_id: ref(FLOW, "emailInQueueFlow.id"),
    whisper_prompt_id: ref(PROMPT, "whisperPrompt.id"),
    on_hold_prompt_id: ref(PROMPT, "onHoldPrompt.id"),
    outbound_messaging_sms_address_id: "outboundMessagingAddresses.smsAddress.id",
    outbound_messaging_whatsapp_recipient_id: "outboundMessagingAddresses.whatsAppRecipient.id",
    outbound_messaging_open_messaging_recipient_id:
      "outboundMessagingAddresses.openMessagingRecipient.id",
    outbound_email_address: block("outboundEmailAddress", {
      domain_id: "domain.id",
      route_id: "route.id",
    }),
    default_script_ids: ({ defaultScripts }) =>
      Object.fromEntries(
        Object.entries((defaultScripts ?? {}) as Entity).map(([media, script]) => [
          media,
          refTo(SCRIPT, at(script, "id")),
        ]),
      ),
    media_settings_call: block("mediaSettings.call", MEDIA_WITH_TONES),
    media_settings_chat: block("mediaSettings.chat", MEDIA_WITH_TONES),
    media_settings_email: block("mediaSettings.email", MEDIA_WITH_TONES),
    media_settings_callback: block("mediaSettings.callback", {
      ...MEDIA_WITH_TONES,
      enable_auto_dial_and_end: "enableAutoDialAndEnd",
      auto_dial_delay_seconds: "autoDialDelaySeconds",
      auto_end_delay_seconds: "autoEndDelaySeconds",
      mode: "mode",
      pacing_modifier: positive("pacingModifier"),
      max_retry_count: "maxRetryCount",
      retry_delay_seconds: positive("retryDelaySeconds"),
      live_voice_reaction_type: "liveVoiceReactionType",
      live_voice_flow_id: ref(FLOW, "liveVoiceFlow.id"),
      answering_machine_reaction_type: "answeringMachineReactionType",
      answering_machine_flow_id: ref(FLOW, "answeringMachineFlow.id"),
    }),
    media_settings_message: block("mediaSettings.message", {
      ...MEDIA,
      enable_inactivity_timeout: "enableInactivityTimeout",
      inactivity_timeout_settings: block("inactivityTimeoutSettings", {
        timeout_seconds: "timeoutSeconds",
        action_type: "actionType",
        flow_id: ref(FLOW, "flowId.id"),
      }),
      sub_type_settings: ({ subTypeSettings }) =>
        Object.entries((subTypeSettings ?? {}) as Readonly<Record<string, Entity>>)
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([media_type, settings]) => ({
            media_type,
            enable_auto_answer: settings.enableAutoAnswer as boolean,
            enable_inactivity_timeout: settings.enableInactivityTimeout as boolean,
          })),
    }),
    agent_owned_routing: block("agentOwnedRouting", {
      enable_agent_owned_callbacks: "enableAgentOwnedCallbacks",
      max_owned_callback_hours: "maxOwnedCallbackHours",
      max_owned_callback_delay_hours: "maxOwnedCallbackDelayHours",
    }),
    direct_routing: block("directRouting", {
      backup_queue_id: ref(QUEUE, "backupQueueId"),
      agent_wait_seconds: "agentWaitSeconds",
      wait_for_agent: "waitForAgent",
      call_use_agent_address_outbound: "callMediaSettings.useAgentAddressOutbound",
      email_use_agent_address_outbound: "emailMediaSettings.useAgentAddressOutbound",
      message_use_agent_address_outbound: "messageMediaSettings.useAgentAddressOutbound",
    }),
    bullseye_rings: blocks("bullseye.rings", {
      expansion_timeout_seconds: (ring) =>
        entitiesAt(ring, "expansionCriteria").find(({ type }) => type === "TIMEOUT_SECONDS")
          ?.threshold as number,
      skills_to_remove: refs(SKILL, "actions.skillsToRemove"),
      member_groups: (ring) => memberGroups(entitiesAt(ring, "memberGroups")),
    }),
    conditional_group_routing_rules: ({ conditionalGroupRouting }) =>
      entitiesAt(conditionalGroupRouting, "rules").map((rule, index) => ({
        operator: textAt(rule, "operator"),
        metric: textAt(rule, "metric"),
        condition_value: rule.conditionValue as number,
        wait_seconds: rule.waitSeconds as number,
        // The first rule is about the queue itself.
        queue_id: index === 0 ? undefined : refTo(QUEUE, at(rule, "queue.id")),
        groups: memberGroups(entitiesAt(rule, "groups")),
      })),
    conditional_group_activation: block("conditionalGroupActivation", {
      pilot_rule: block("pilotRule", {
        condition_expression: "conditionExpression",
        conditions: blocks("conditions", CONDITION()),
      }),
      rules: blocks("rules", {
        condition_expression: "conditionExpression",
        conditions: blocks("conditions", CONDITION()),
        groups: (rule) => memberGroups(entitiesAt(rule, "groups")),
      }),
    }),
    routing_rules: blocks("routingRules", {
      operator: "operator",
      threshold: "threshold",
      wait_seconds: "waitSeconds",
    }),
    canned_response_libraries: block("cannedResponseLibraries", {
      mode: "mode",
      library_ids: refs(LIBRARY, "libraryIds"),
    }),
    groups: membersOfType("GROUP"),
    skill_groups: membersOfType("SKILLGROUP"),
    teams: membersOfType("TEAM"),
    wrapup_codes: refs(WRAPUP_CODE, "wrapupCodes"),
    members: blockSet("members", { user_id: ref(USER, "id"), ring_num: "ringNumber" }),
  },
};

function CONDITION(): Mapping {
  return {
    operator: "operator",
    value: "value",
    simple_metric: block("simpleMetric", { metric: "metric", queue_id: ref(QUEUE, "queue.id") }),
  };
}

const MEMBER_TYPES: Readonly<Record<string, string>> = {
  GROUP,
  SKILLGROUP: SKILL_GROUP,
  TEAM,
};

const memberGroups = (groups: readonly Entity[]): Raw =>
  new Unordered(
    groups.map(({ id, type }) => ({
      member_group_id: refTo(MEMBER_TYPES[String(type)] ?? GROUP, id),
      member_group_type: type as string,
    })),
  );

function membersOfType(kind: string) {
  return (entity: Entity): Raw =>
    new Unordered(
      entitiesAt(entity, "memberGroups")
        .filter(({ type }) => type === kind)
        .map(({ id }) => refTo(MEMBER_TYPES[kind] ?? GROUP, id)),
    );
}
