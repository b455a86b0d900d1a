import { type Entity, referenceOf } from "../../fakes/organization/entity";
import { block, e164, each, ids, type Read, type Reader } from "./reader";

/** Never read: the password. */
export const user: Reader = (entity) => ({
  name: entity.name,
  email: entity.email,
  division_id: referenceOf(entity, "division"),
  state: entity.state,
  department: entity.department,
  title: entity.title,
  acd_auto_answer: entity.acdAutoAnswer,
  manager: referenceOf(entity, "manager"),
  addresses: addresses(entity),
  routing_skills: each(entity.skills, ({ id, proficiency }) => ({ skill_id: id, proficiency })),
  routing_languages: each(entity.languages, ({ id, proficiency }) => ({
    language_id: id,
    proficiency: Math.trunc(proficiency),
  })),
  locations: each(
    (entity.locations as { locationDefinition?: unknown }[] | undefined)?.filter(
      ({ locationDefinition }) => locationDefinition,
    ),
    ({ locationDefinition, notes }) => ({ location_id: locationDefinition.id, notes }),
  ),
  profile_skills: entity.profileSkills,
  certifications: entity.certifications,
  employer_info: block(entity.employerInfo, (info) => ({
    official_name: info.officialName,
    employee_id: info.employeeId,
    employee_type: info.employeeType,
    date_hire: info.dateHire,
  })),
  voicemail_userpolicies: block(entity.$voicemailPolicy, (policy) => ({
    alert_timeout_seconds: policy.alertTimeoutSeconds,
    send_email_notifications: policy.sendEmailNotifications,
  })),
  routing_utilization: utilization(entity),
});

const MEDIA = ["call", "callback", "chat", "email", "message"];

/** None for a user who has the settings of the organisation. Labels are read only if the state has them. */
function utilization({ $utilization }: Entity): readonly Read[] {
  return block($utilization, ({ utilization: settings }) =>
    Object.fromEntries(
      MEDIA.filter((media) => settings?.[media]).map((media) => [
        media,
        [
          {
            maximum_capacity: settings[media].maximumCapacity,
            include_non_acd: settings[media].includeNonAcd,
            interruptible_media_types: settings[media].interruptableMediaTypes,
          },
        ],
      ]),
    ),
  );
}

interface Contact {
  readonly mediaType?: string;
  readonly type?: string;
  readonly address?: string;
  readonly display?: string;
  readonly extension?: string;
}

function addresses(entity: Entity): readonly Read[] {
  const all = (entity.addresses ?? []) as unknown as readonly Contact[];
  if (all.length === 0) return [];
  return [
    {
      other_emails: all
        .filter(({ mediaType }) => mediaType === "EMAIL")
        .map(({ type, address }) => ({ type, address })),
      phone_numbers: all
        .filter(({ mediaType = "" }) => ["PHONE", "SMS"].includes(mediaType))
        .map(phoneNumber),
    },
  ];
}

const bare = (text: string) => text.replace(/^[()]+|[()]+$/g, "");

/** The API has numbers and extensions in three ways. Nothing here is in an extension pool. */
function phoneNumber({ mediaType, type, address, display, extension }: Contact): Read {
  const both = extension !== undefined && display !== undefined;
  const isInternal = both && extension === display;
  return {
    media_type: mediaType,
    type,
    ...(address !== undefined && !isInternal && { number: e164(bare(address)) }),
    ...(isInternal && { extension: bare(extension) }),
    ...(both && !isInternal && { extension, number: e164(bare(display)) }),
    ...(address === undefined &&
      extension === undefined &&
      display !== undefined && { extension: bare(display) }),
  };
}

export const group: Reader = (entity) => ({
  name: entity.name,
  type: entity.type,
  visibility: entity.visibility,
  rules_visible: entity.rulesVisible,
  description: entity.description,
  roles_enabled: entity.rolesEnabled,
  calls_enabled: entity.callsEnabled,
  include_owners: entity.includeOwners,
  owner_ids: ids(entity.owners),
  addresses: each(
    ((entity.addresses ?? []) as unknown as readonly Contact[]).filter(
      ({ mediaType }) => mediaType === "PHONE",
    ),
    ({ address, extension, type }: Contact) => ({
      ...(address !== undefined && { number: e164(bare(address)) }),
      extension,
      type,
    }),
  ),
  member_ids: entity.$individuals,
  voicemail_policy: block(
    (entity.$voicemailPolicy as { enabled?: boolean } | undefined)?.enabled
      ? entity.$voicemailPolicy
      : undefined,
    (policy) => ({
      send_email_notifications: policy.sendEmailNotifications,
      disable_email_pii: policy.disableEmailPii,
      include_email_transcriptions: policy.includeEmailTranscriptions,
    }),
  ),
});

export const location: Reader = (entity) =>
  entity.state === "deleted"
    ? undefined
    : {
        name: entity.name,
        notes: entity.notes,
        path: entity.path,
        emergency_number: block(entity.emergencyNumber, ({ number, type }) => ({
          number: e164(number),
          type,
        })),
        address: block(entity.address, (address) => ({
          city: address.city,
          country: address.country,
          state: address.state,
          street1: address.street1,
          street2: address.street2,
          zip_code: address.zipcode,
        })),
      };
