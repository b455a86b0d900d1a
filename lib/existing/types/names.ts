// Terraform types that other types refer to.

export const DIVISION = "genesyscloud_auth_division";
export const EMERGENCY_GROUP = "genesyscloud_architect_emergencygroup";
export const FLOW = "genesyscloud_flow";
export const GROUP = "genesyscloud_group";
export const INTEGRATION_CREDENTIAL = "genesyscloud_integration_credential";
export const IVR = "genesyscloud_architect_ivr";
export const LANGUAGE = "genesyscloud_routing_language";
export const LIBRARY = "genesyscloud_responsemanagement_library";
export const LOCATION = "genesyscloud_location";
export const OAUTH_CLIENT = "genesyscloud_oauth_client";
export const PROMPT = "genesyscloud_architect_user_prompt";
export const QUEUE = "genesyscloud_routing_queue";
export const ROLE = "genesyscloud_auth_role";
export const SCHEDULE = "genesyscloud_architect_schedules";
export const SCRIPT = "genesyscloud_script";
export const SITE = "genesyscloud_telephony_providers_edges_site";
export const SKILL = "genesyscloud_routing_skill";
export const SKILL_GROUP = "genesyscloud_routing_skill_group";
export const TEAM = "genesyscloud_team";
export const USER = "genesyscloud_user";
export const WRAPUP_CODE = "genesyscloud_routing_wrapupcode";
