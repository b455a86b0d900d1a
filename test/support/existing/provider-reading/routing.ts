import { type Entity, itemsOf, referenceOf } from "../../fakes/organization/entity";
import { type Answer, block, each, ids, part, type Read, type Reader } from "./reader";

const named: Reader = ({ name, state }) => (state === "deleted" ? undefined : { name });

export const routingSkill = named;
export const routingLanguage = named;

export const routingWrapupcode: Reader = (code) => ({
  name: code.name,
  description: code.description,
  ...(referenceOf(code, "division") ? { division_id: referenceOf(code, "division") } : {}),
});

/** Never read: `ignore_members`, `source_queue_id`. */
export const routingQueue: Reader = (queue) => ({
  name: queue.name,
  description: queue.description,
  skill_evaluation_method: queue.skillEvaluationMethod,
  division_id: referenceOf(queue, "division"),
  acw_wrapup_prompt: part(queue.acwSettings)?.wrapupPrompt,
  acw_timeout_ms: part(queue.acwSettings)?.timeoutMs,
  ...media(queue),
  ...outbound(queue),
  agent_owned_routing: block(queue.agentOwnedRouting, (routing) => ({
    max_owned_callback_delay_hours: routing.maxOwnedCallbackDelayHours,
    enable_agent_owned_callbacks: routing.enableAgentOwnedCallbacks,
    max_owned_callback_hours: routing.maxOwnedCallbackHours,
  })),
  bullseye_rings: each(part(queue.bullseye)?.rings, ring),
  canned_response_libraries: block(queue.cannedResponseLibraries, ({ mode, libraryIds }) => ({
    mode,
    library_ids: libraryIds,
  })),
  conditional_group_activation: block(queue.conditionalGroupActivation, activation),
  routing_rules: each(queue.routingRules, ({ operator, threshold, waitSeconds }) => ({
    operator,
    threshold,
    wait_seconds: waitSeconds,
  })),
  queue_flow_id: referenceOf(queue, "queueFlow"),
  message_in_queue_flow_id: referenceOf(queue, "messageInQueueFlow"),
  email_in_queue_flow_id: referenceOf(queue, "emailInQueueFlow"),
  whisper_prompt_id: referenceOf(queue, "whisperPrompt"),
  on_hold_prompt_id: referenceOf(queue, "onHoldPrompt"),
  auto_answer_only: queue.autoAnswerOnly,
  enable_transcription: queue.enableTranscription,
  suppress_in_queue_call_recording: queue.suppressInQueueCallRecording,
  enable_audio_monitoring: queue.enableAudioMonitoring,
  enable_manual_assignment: queue.enableManualAssignment,
  calling_party_name: queue.callingPartyName,
  calling_party_number: queue.callingPartyNumber,
  scoring_method: queue.scoringMethod,
  peer_id: queue.peerId,
  direct_routing: block(queue.directRouting, direct),
  last_agent_routing_mode: queue.lastAgentRoutingMode,
  default_script_ids: Object.fromEntries(
    Object.entries((queue.defaultScripts ?? {}) as Record<string, Entity>).map(([kind, { id }]) => [
      kind,
      id,
    ]),
  ),
  wrapup_codes: queue.$wrapupCodes,
  // Only those who are in the queue by themselves.
  members: each(queue.$members, ({ id, ringNumber }) => ({ user_id: id, ring_num: ringNumber })),
  skill_groups: groupsOf(queue, "SKILLGROUP"),
  teams: groupsOf(queue, "TEAM"),
  groups: groupsOf(queue, "GROUP"),
  conditional_group_routing_rules: each(
    part(queue.conditionalGroupRouting)?.rules,
    conditionalRule,
  ).map((rule, index) => withoutOwnQueue(rule as Read, index)),
});

const groupsOf = (queue: Entity, wanted: string): readonly string[] =>
  itemsOf<{ readonly id: string; readonly type: string }>(queue, "memberGroups")
    .filter(({ type }) => type === wanted)
    .map(({ id }) => id);

const memberGroup = ({ id, type }: { id: string; type: string }): Read => ({
  member_group_id: id,
  member_group_type: type,
});

const ring = ({ expansionCriteria, actions, memberGroups }: Answer): Read => ({
  expansion_timeout_seconds: (expansionCriteria ?? []).find(
    ({ type }: { type: string }) => type === "TIMEOUT_SECONDS",
  )?.threshold,
  skills_to_remove: ids(actions?.skillsToRemove),
  member_groups: each(memberGroups, memberGroup),
});

const conditionalRule = (rule: Answer): Read => ({
  queue_id: rule.queue?.id,
  metric: rule.metric,
  operator: rule.operator,
  condition_value: rule.conditionValue,
  wait_seconds: rule.waitSeconds,
  groups: each(rule.groups, memberGroup),
});

/** The first rule is about the queue itself, and does not name it. */
const withoutOwnQueue = (rule: Read, index: number): Read =>
  index === 0 ? { ...rule, queue_id: undefined } : rule;

const conditions = (rule: Answer): Read => ({
  condition_expression: rule.conditionExpression,
  conditions: each(rule.conditions, ({ simpleMetric, operator, value }) => ({
    simple_metric: block(simpleMetric, ({ metric, queue }) => ({ metric, queue_id: queue?.id })),
    operator,
    value,
  })),
});

const activation = ({ pilotRule, rules }: Answer): Read => ({
  pilot_rule: block(pilotRule, conditions),
  rules: each(rules, (rule) => ({ ...conditions(rule), groups: each(rule.groups, memberGroup) })),
});

const direct = (routing: Answer): Read => ({
  backup_queue_id: routing.backupQueueId,
  agent_wait_seconds: routing.agentWaitSeconds,
  wait_for_agent: routing.waitForAgent,
  call_use_agent_address_outbound: routing.callMediaSettings?.useAgentAddressOutbound,
  email_use_agent_address_outbound: routing.emailMediaSettings?.useAgentAddressOutbound,
  message_use_agent_address_outbound: routing.messageMediaSettings?.useAgentAddressOutbound,
});

function media(queue: Entity): Read {
  const settings = part(queue.mediaSettings);
  return {
    media_settings_call: block(settings?.call, withTones),
    media_settings_callback: block(settings?.callback, callback),
    media_settings_chat: block(settings?.chat, withTones),
    media_settings_email: block(settings?.email, withTones),
    media_settings_message: block(settings?.message, message),
  };
}

const basic = (settings: Answer): Read => ({
  alerting_timeout_sec: settings.alertingTimeoutSeconds,
  enable_auto_answer: settings.enableAutoAnswer,
  service_level_percentage: settings.serviceLevel?.percentage,
  service_level_duration_ms: settings.serviceLevel?.durationMs,
});

const withTones = (settings: Answer): Read => ({
  ...basic(settings),
  auto_answer_alert_tone_seconds: settings.autoAnswerAlertToneSeconds,
  manual_answer_alert_tone_seconds: settings.manualAnswerAlertToneSeconds,
});

const callback = (settings: Answer): Read => ({
  ...withTones(settings),
  enable_auto_dial_and_end: settings.enableAutoDialAndEnd,
  auto_end_delay_seconds: settings.autoEndDelaySeconds,
  auto_dial_delay_seconds: settings.autoDialDelaySeconds,
  mode: settings.mode,
  pacing_modifier: settings.pacingModifier,
  live_voice_reaction_type: settings.liveVoiceReactionType,
  live_voice_flow_id: settings.liveVoiceFlow?.id,
  answering_machine_reaction_type: settings.answeringMachineReactionType,
  answering_machine_flow_id: settings.answeringMachineFlow?.id,
  max_retry_count: settings.maxRetryCount,
  retry_delay_seconds: settings.retryDelaySeconds,
});

const message = (settings: Answer): Read => ({
  ...basic(settings),
  // Sorted by their names.
  sub_type_settings: Object.entries((settings.subTypeSettings ?? {}) as Record<string, Answer>)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([type, sub]) => ({
      media_type: type,
      enable_auto_answer: sub.enableAutoAnswer,
      enable_inactivity_timeout: sub.enableInactivityTimeout,
    })),
  enable_inactivity_timeout: settings.enableInactivityTimeout,
  inactivity_timeout_settings: block(settings.inactivityTimeoutSettings, (timeout) => ({
    timeout_seconds: timeout.timeoutSeconds,
    action_type: timeout.actionType,
    flow_id: timeout.flowId?.id,
  })),
});

function outbound(queue: Entity): Read {
  const addresses = part(queue.outboundMessagingAddresses);
  return {
    outbound_messaging_sms_address_id: addresses?.smsAddress?.id,
    outbound_messaging_whatsapp_recipient_id: addresses?.whatsAppRecipient?.id,
    outbound_messaging_open_messaging_recipient_id: addresses?.openMessagingRecipient?.id,
    outbound_email_address: block(queue.outboundEmailAddress, ({ domain, route }) => ({
      domain_id: domain?.id,
      route_id: route?.id,
    })),
  };
}
