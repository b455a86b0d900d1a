// Each as text, since Terraform checks by them as well: what both JavaScript and RE2 understand.

/** Id of an object in Genesys Cloud. */
export const UUID_PATTERN =
  "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";

/** Full ARN of one IAM role, without wildcards. */
export const ROLE_ARN_PATTERN = "^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+$";

/** A literal or the name of a variable in a condition of a permission. */
export const OPERAND_VALUE_PATTERN = "^.{1,200}$";

/**
 * An IP address or a range in CIDR notation, for what is only known at apply time. It does not match the
 * range of all addresses.
 */
export const ADDRESS_RANGE_PATTERN = "^[0-9a-fA-F:.]{2,45}(/[1-9][0-9]{0,2})?$";

/** Full ARN of the target of an alarm, such as an SNS topic. */
export const ALARM_ACTION_PATTERN = "^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$";

/** Full ARN of an SNS topic that is not a FIFO topic: EventBridge sends to no other. */
export const TOPIC_ARN_PATTERN = "^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$";

/** Full ARN of one IAM policy, an AWS managed one included. */
export const POLICY_ARN_PATTERN =
  "^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[A-Za-z0-9_+=,.@/-]+$";
