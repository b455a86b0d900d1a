import {
  block,
  blockSet,
  type Entity,
  entitiesAt,
  field,
  orderedRefs,
  type Raw,
  ref,
  refs,
  setOf,
  textAt,
  Unordered,
} from "./mapping";
import { DIVISION, GROUP, LANGUAGE, LOCATION, SKILL, USER } from "./names";
import type { ObjectType } from "./object-type";

/** Locations. A name is unique below one parent only. */
export const location: ObjectType = {
  type: LOCATION,
  plural: "locations",
  listings: [{ path: "/api/v2/locations" }],
  isNone: ({ state }) => state === "deleted",
  parentsOf: ({ path }) => (Array.isArray(path) ? path.map(String) : []),
  perOrg: ["address", "emergency_number"],
  mapping: {
    name: "name",
    notes: "notes",
    path: orderedRefs(LOCATION, "path"),
    address: block("address", {
      street1: "street1",
      street2: "street2",
      city: "city",
      state: "state",
      zip_code: "zipcode",
      country: "country",
    }),
    emergency_number: block("emergencyNumber", {
      number: (number) => withoutParentheses(textAt(number, "number")),
      type: "type",
    }),
  },
};

/** Users, by their mail addresses. No password can be read. */
export const user: ObjectType = {
  type: USER,
  plural: "users",
  listings: ["active", "inactive"].map((state) => ({
    path: `/api/v2/users?state=${state}&expand=skills,languages,locations,profileSkills,certifications,employerInfo`,
  })),
  nameOf: (entity) => textAt(entity, "email"),
  nameArgument: "email",
  perOrg: ["addresses"],
  mapping: {
    name: "name",
    email: "email",
    state: "state",
    department: "department",
    title: "title",
    acd_auto_answer: "acdAutoAnswer",
    division_id: ref(DIVISION, "division.id"),
    manager: ref(USER, "manager.id"),
    addresses: (entity) => addressesOf(entitiesAt(entity, "addresses")),
    routing_skills: blockSet("skills", { skill_id: ref(SKILL, "id"), proficiency: "proficiency" }),
    routing_languages: blockSet("languages", {
      language_id: ref(LANGUAGE, "id"),
      proficiency: "proficiency",
    }),
    locations: blockSet("locations", {
      location_id: ref(LOCATION, "locationDefinition.id"),
      notes: "notes",
    }),
    profile_skills: setOf("profileSkills"),
    certifications: setOf("certifications"),
    employer_info: (entity) => [
      block("employerInfo", {
        official_name: "officialName",
        employee_id: "employeeId",
        employee_type: "employeeType",
        date_hire: "dateHire",
      })(entity),
    ],
  },
};

/** Groups with their members and owners. */
export const group: ObjectType = {
  type: GROUP,
  plural: "groups",
  listings: [{ path: "/api/v2/groups" }],
  isNone: ({ state }) => state === "deleted",
  details: [
    {
      name: "individuals",
      of: ({ id }) => ({ path: `/api/v2/groups/${id}/individuals`, paging: "none" }),
    },
    { name: "voicemail", of: ({ id }) => `/api/v2/voicemail/groups/${id}/policy` },
  ],
  perOrg: ["addresses"],
  mapping: {
    name: "name",
    description: "description",
    type: "type",
    visibility: "visibility",
    rules_visible: "rulesVisible",
    roles_enabled: "rolesEnabled",
    calls_enabled: "callsEnabled",
    include_owners: "includeOwners",
    owner_ids: orderedRefs(USER, "owners"),
    member_ids: refs(USER, "individuals"),
    addresses: (entity) => entitiesAt(entity, "addresses").filter(isPhone).map(groupNumber),
    voicemail_policy: (entity) =>
      field("voicemail.enabled")(entity) === true
        ? block("voicemail", {
            send_email_notifications: "sendEmailNotifications",
            disable_email_pii: "disableEmailPii",
            include_email_transcriptions: "includeEmailTranscriptions",
          })(entity)
        : undefined,
  },
};

const isPhone = ({ mediaType }: Entity): boolean => mediaType === "PHONE";

/** A number or an extension is sometimes in `display` only. */
function groupNumber(contact: Entity): Raw {
  const number = withoutParentheses(textAt(contact, "address"));
  const extension = textAt(contact, "extension");
  const display = withoutParentheses(textAt(contact, "display"));
  const isUnknown = number === undefined && extension === undefined && display !== undefined;
  return {
    type: textAt(contact, "type"),
    number: isUnknown && display.startsWith("+") ? display : number,
    extension: isUnknown && !display.startsWith("+") ? display : extension,
  };
}

function addressesOf(contacts: readonly Entity[]): Raw {
  const mails = contacts.filter(({ mediaType }) => mediaType === "EMAIL");
  const phones = contacts.filter(({ mediaType }) => mediaType === "PHONE" || mediaType === "SMS");
  if (mails.length + phones.length === 0) return undefined;
  return [
    {
      other_emails: new Unordered(
        mails.map((one) => ({ address: textAt(one, "address"), type: textAt(one, "type") })),
      ),
      phone_numbers: new Unordered(phones.map(userNumber)),
    },
  ];
}

/**
 * A number has an address; an extension of the organisation has the same display; a number with an extension
 * has another display, which is the number; an extension without a pool has a display only.
 * Source: how the Genesys Cloud Terraform provider reads a user's addresses.
 */
function userNumber(contact: Entity): Raw {
  const [address, extension, display] = ["address", "extension", "display"].map((place) =>
    textAt(contact, place),
  );
  const common = { media_type: textAt(contact, "mediaType"), type: textAt(contact, "type") };
  if (extension !== undefined && extension === display) {
    return { ...common, extension: withoutParentheses(extension) };
  }
  if (extension !== undefined && display !== undefined) {
    return { ...common, extension, number: withoutParentheses(display) };
  }
  if (address === undefined && extension === undefined) {
    return { ...common, extension: withoutParentheses(display) };
  }
  return { ...common, number: withoutParentheses(address) };
}

const withoutParentheses = (number: string | undefined): string | undefined =>
  number?.replace(/^\(+|\)+$/g, "");
