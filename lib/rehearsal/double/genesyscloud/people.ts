import type { GenesysArea } from "./common";

const media = ["call", "callback", "chat", "email", "message"];
const capacity = { min: 0, max: 25 };

/** Users, groups, and the locations where they work. */
export const people: GenesysArea = {
  resources: {
    genesyscloud_user: {
      unique: ["email"],
      keptBlocks: ["voicemail_userpolicies"],
      limits: {
        state: { oneOf: ["active", "inactive"] },
        "addresses.other_emails.type": { oneOf: ["WORK", "HOME"] },
        "addresses.phone_numbers.media_type": { oneOf: ["PHONE", "SMS"] },
        "addresses.phone_numbers.type": {
          oneOf: ["WORK", "WORK2", "WORK3", "WORK4", "HOME", "MOBILE", "OTHER"],
        },
        "employer_info.employee_type": { oneOf: ["Full-time", "Part-time", "Contractor"] },
        "routing_skills.proficiency": { min: 0, max: 5 },
        "routing_languages.proficiency": { min: 0, max: 5 },
        "routing_utilization.label_utilizations.maximum_capacity": capacity,
        ...Object.fromEntries(
          media.map((each) => [`routing_utilization.${each}.maximum_capacity`, capacity]),
        ),
      },
      defaults: {
        state: "active",
        acd_auto_answer: false,
        "addresses.other_emails.type": "WORK",
        "addresses.phone_numbers.media_type": "PHONE",
        "addresses.phone_numbers.type": "WORK",
        ...Object.fromEntries(
          media.map((each) => [`routing_utilization.${each}.include_non_acd`, false]),
        ),
      },
    },
    genesyscloud_group: {
      forceNew: ["type"],
      limits: {
        type: { oneOf: ["official", "social"] },
        visibility: { oneOf: ["public", "owners", "members"] },
        "addresses.type": { oneOf: ["GROUPRING", "GROUPPHONE"] },
      },
      defaults: {
        type: "official",
        visibility: "public",
        rules_visible: true,
        roles_enabled: true,
        calls_enabled: true,
        include_owners: true,
      },
    },
    genesyscloud_location: {
      limits: { "emergency_number.type": { oneOf: ["default", "elin"] } },
      defaults: { "emergency_number.type": "default" },
    },
  },
};
